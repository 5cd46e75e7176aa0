using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>bench keystrokes</c>: the whole way of a suggestion, from the key to the answer.</summary>
internal static class BenchKeystrokesCommand
{
    private const string DefaultFile = "docs/samples/BoundedQueue.cs";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Option<string?> File = new("--file")
    {
        Description = $"A C# file whose middle is typed. Default: {DefaultFile}",
        HelpName = "FILE",
    };

    private static readonly Option<int> Characters = new("--characters")
    {
        Description = "Most characters to type",
        HelpName = "N",
        DefaultValueFactory = _ => 400,
    };

    private static readonly Option<bool> Debounce = new("--debounce")
    {
        Description = "Let the server wait for pauses in typing, as it does for people; without, its answers begin at once",
    };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Print one JSON object" };

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("keystrokes", "Type a file into a server process, and time the answer to each key")
        {
            Details =
            [
                "Starts 'stable-diffcoder lsp', opens the file without its middle, and types that: characters, line breaks, slips that are taken",
                "back, looks elsewhere. Times are milliseconds from request to answer over the process's pipes, silence included.",
            ],
        };
        command.AddOptions(File, Characters, Debounce, AsJson);
        command.SetAction(options, console, (parsed, cancellationToken) => RunAsync(parsed, options, console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        string file =
            parsed.GetValue(File)
            ?? RepositoryFiles.Find(DefaultFile)
            ?? throw new InvalidInputException($"{DefaultFile} is not beside this program; name a C# file by --file.");
        string text = (await System.IO.File.ReadAllTextAsync(file, cancellationToken)).ReplaceLineEndings("\n");
        TypingScript script = TypingScript.Of(text, parsed.GetValue(Characters));
        if (script.Keys.Count == 0)
        {
            throw new InvalidInputException($"{file} has no line behind its first third to type; name a longer file by --file.");
        }
        KeystrokeBenchmarkResult result;
        long start = Stopwatch.GetTimestamp();
        await using (LspPipe server = LspPipe.Start(ServerArguments.Of(parsed, options)))
        {
            using var progress = new ProgressLine<string>(console, line => line);
            var benchmark = new KeystrokeBenchmark(server, file, script, parsed.GetValue(Debounce));
            result = await benchmark.RunAsync(start, progress, cancellationToken);
        }
        console.Output.WriteLine(parsed.GetValue(AsJson) ? JsonSerializer.Serialize(result, Json) : Table(result));
        return ExitCodes.Done;
    }

    private static string Table(KeystrokeBenchmarkResult result)
    {
        var text = new StringBuilder();
        text.AppendLine("| keys | requests | suggested | p50 ms | p95 ms | p99 ms |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|");
        foreach (KeystrokeRow row in result.Rows)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Keys.ToLowerInvariant()} | {row.Requests} | {row.Suggested} | {row.P50:0.0} | {row.P95:0.0} | {row.P99:0.0} |"
            );
        }
        text.AppendLine();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{result.File}; {(result.Debounce ? "the server's own debounce is in the times" : "no debounce")}; first text {result.ColdMilliseconds:0} ms after the process's start"
        );
        return text.ToString();
    }
}
