using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using StableDiffCoder.Training.Evaluation.Edits;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>Edits by a language server process, as a plain client has it: opens the sample's text, asks, and makes the edits that come back.</summary>
internal sealed class ServerEditor : IEditor
{
    private readonly LspPipe server;
    private int opened;

    private ServerEditor(LspPipe server) => this.server = server;

    /// <inheritdoc/>
    public string Name => "language server";

    /// <summary>Begins a session.</summary>
    /// <param name="server">A server that nobody has spoken to; stays the caller's.</param>
    /// <param name="cancellationToken">Ends the wait for its answer.</param>
    public static async Task<ServerEditor> OpenAsync(LspPipe server, CancellationToken cancellationToken)
    {
        var initialize = new JsonObject
        {
            ["processId"] = Environment.ProcessId,
            ["rootUri"] = null,
            ["capabilities"] = new JsonObject(),
        };
        await server.RequestAsync("initialize", initialize, cancellationToken);
        await server.NotifyAsync("initialized", new JsonObject(), cancellationToken);
        return new ServerEditor(server);
    }

    /// <inheritdoc/>
    public async Task<EditAnswer> EditAsync(EditSample sample, CancellationToken cancellationToken)
    {
        string uri = string.Create(CultureInfo.InvariantCulture, $"untitled:Edit{++opened}.cs");
        string text = sample.Prefix + sample.Before + sample.Suffix;
        var document = new JsonObject
        {
            ["uri"] = uri,
            ["languageId"] = "csharp",
            ["version"] = 1,
            ["text"] = text,
        };
        await server.NotifyAsync("textDocument/didOpen", new JsonObject { ["textDocument"] = document }, cancellationToken);
        long started = Stopwatch.GetTimestamp();
        EditAnswer answer;
        try
        {
            JsonNode? edit = await server.RequestAsync("stableDiffCoder/edit", Ask(uri, text, sample), cancellationToken);
            string after = Apply(text, edit!["documentChanges"]!.AsArray());
            answer = new EditAnswer(Between(after, sample), 0, 0, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (IOException error) when (error is not EndOfStreamException)
        {
            // One sample that does not fit is a wrong answer, not the end of the evaluation.
            answer = new EditAnswer("", 0, 0, 0, error.Message);
        }
        var closed = new JsonObject { ["uri"] = uri };
        await server.NotifyAsync("textDocument/didClose", new JsonObject { ["textDocument"] = closed }, cancellationToken);
        return answer;
    }

    private static JsonObject Ask(string uri, string text, EditSample sample)
    {
        int start = sample.Prefix.Length;
        return new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri, ["version"] = 1 },
            ["range"] = new JsonObject
            {
                ["start"] = TextPosition.Of(text, start),
                ["end"] = TextPosition.Of(text, start + sample.Before.Length),
            },
            ["instruction"] = sample.Instruction,
        };
    }

    // Edits do not overlap, so the last one is made first.
    private static string Apply(string text, JsonArray changes)
    {
        var edits =
            from change in changes
            from edit in change!["edits"]!.AsArray()
            let range = edit["range"]!
            select (
                Start: TextPosition.OffsetOf(text, range["start"]!),
                End: TextPosition.OffsetOf(text, range["end"]!),
                NewText: (string)edit["newText"]!
            );
        foreach (
            (int start, int end, string newText) in edits.OrderByDescending(edit => edit.Start).ThenByDescending(edit => edit.End).ToArray()
        )
        {
            text = string.Concat(text.AsSpan(0, start), newText, text.AsSpan(end));
        }
        return text;
    }

    // An answer that changed more than the sample's own code is given whole: it is never the right one.
    private static string Between(string text, EditSample sample)
    {
        bool isInside =
            text.Length >= sample.Prefix.Length + sample.Suffix.Length
            && text.StartsWith(sample.Prefix, StringComparison.Ordinal)
            && text.EndsWith(sample.Suffix, StringComparison.Ordinal);
        return isInside ? text[sample.Prefix.Length..^sample.Suffix.Length] : text;
    }
}
