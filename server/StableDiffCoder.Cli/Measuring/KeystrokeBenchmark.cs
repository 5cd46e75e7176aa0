using System.Diagnostics;
using System.Text.Json.Nodes;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>Figures of one kind of keys; times are milliseconds from request to answer.</summary>
public sealed record KeystrokeRow
{
    /// <value>"all", "suggested" (an answer with text), or a kind of key.</value>
    public required string Keys { get; init; }

    /// <value>Requests.</value>
    public required int Requests { get; init; }

    /// <value>Requests answered with a suggestion.</value>
    public required int Suggested { get; init; }

    /// <value>One in two is faster.</value>
    public required double P50 { get; init; }

    /// <value>19 in 20 are faster.</value>
    public required double P95 { get; init; }

    /// <value>99 in 100 are faster.</value>
    public required double P99 { get; init; }
}

/// <summary>Figures of one run.</summary>
public sealed record KeystrokeBenchmarkResult
{
    /// <value>The file that was typed.</value>
    public required string File { get; init; }

    /// <value>Whether the server waited for pauses in typing, as it does for people; 0 ms otherwise.</value>
    public required bool Debounce { get; init; }

    /// <value>From the start of the process to the first text of the model.</value>
    public required double ColdMilliseconds { get; init; }

    /// <value>All requests, those with a suggestion, and each kind of key.</value>
    public required IReadOnlyList<KeystrokeRow> Rows { get; init; }
}

/// <summary>Types a file into a language server process, one key after another, and asks for a suggestion at each.</summary>
internal sealed class KeystrokeBenchmark(LspPipe server, string file, TypingScript script, bool debounce)
{
    private const string Method = "textDocument/inlineCompletion";
    private readonly string uri = new Uri(Path.GetFullPath(file)).AbsoluteUri;

    public async Task<KeystrokeBenchmarkResult> RunAsync(long processStart, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        progress.Report("waiting for the model");
        await server.RequestAsync("stableDiffCoder/infill", FirstInfill(), cancellationToken);
        double cold = Stopwatch.GetElapsedTime(processStart).TotalMilliseconds;
        var answers = new List<(KeyKind Kind, double Milliseconds, bool Suggested)>();
        string text = script.Start;
        int version = 1;
        foreach ((int index, Keystroke key) in script.Keys.Index())
        {
            progress.Report($"key {index + 1} of {script.Keys.Count}");
            if (key.Kind != KeyKind.Move)
            {
                await server.NotifyAsync("textDocument/didChange", Change(text, key, ++version), cancellationToken);
                text = TypingScript.Apply(text, key);
            }
            long start = Stopwatch.GetTimestamp();
            JsonNode? answer = await server.RequestAsync(Method, Ask(text, key.Cursor), cancellationToken);
            answers.Add((key.Kind, Stopwatch.GetElapsedTime(start).TotalMilliseconds, answer?["items"] is JsonArray { Count: > 0 }));
        }
        return new KeystrokeBenchmarkResult
        {
            File = Path.GetFileName(file),
            Debounce = debounce,
            ColdMilliseconds = cold,
            Rows =
            [
                Row("all", answers),
                Row("suggested", [.. answers.Where(answer => answer.Suggested)]),
                .. answers.GroupBy(answer => answer.Kind).Select(kind => Row(kind.Key.ToString(), [.. kind])),
            ],
        };
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var settings = new JsonObject();
        if (!debounce)
        {
            settings["inlineCompletion"] = new JsonObject { ["leastDebounce"] = 0, ["mostDebounce"] = 0 };
        }
        var initialize = new JsonObject
        {
            ["processId"] = Environment.ProcessId,
            ["rootUri"] = null,
            ["capabilities"] = new JsonObject(),
            ["initializationOptions"] = settings,
        };
        await server.RequestAsync("initialize", initialize, cancellationToken);
        await server.NotifyAsync("initialized", new JsonObject(), cancellationToken);
        var document = new JsonObject
        {
            ["uri"] = uri,
            ["languageId"] = "csharp",
            ["version"] = 1,
            ["text"] = script.Start,
        };
        await server.NotifyAsync("textDocument/didOpen", new JsonObject { ["textDocument"] = document }, cancellationToken);
    }

    // It waits for the model, which inline completion does not.
    private JsonObject FirstInfill()
    {
        int cursor = script.Keys.Count > 0 ? script.Keys[0].Offset : 0;
        var span = new JsonObject { ["start"] = TextPosition.Of(script.Start, cursor), ["end"] = TextPosition.Of(script.Start, cursor) };
        return new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri },
            ["spans"] = new JsonArray(span),
            ["maxNewTokens"] = 4,
        };
    }

    private JsonObject Change(string text, Keystroke key, int version)
    {
        var range = new JsonObject
        {
            ["start"] = TextPosition.Of(text, key.Offset),
            ["end"] = TextPosition.Of(text, key.Offset + key.Removed),
        };
        return new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri, ["version"] = version },
            ["contentChanges"] = new JsonArray(new JsonObject { ["range"] = range, ["text"] = key.Text }),
        };
    }

    private JsonObject Ask(string text, int cursor) =>
        new()
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri },
            ["position"] = TextPosition.Of(text, cursor),
            ["context"] = new JsonObject { ["triggerKind"] = 2 },
        };

    private static KeystrokeRow Row(string name, List<(KeyKind Kind, double Milliseconds, bool Suggested)> answers)
    {
        double[] times = [.. answers.Select(answer => answer.Milliseconds).Order()];
        double Quantile(double share) => times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, (int)(share * times.Length))];
        return new KeystrokeRow
        {
            Keys = name,
            Requests = times.Length,
            Suggested = answers.Count(answer => answer.Suggested),
            P50 = Quantile(0.5),
            P95 = Quantile(0.95),
            P99 = Quantile(0.99),
        };
    }
}
