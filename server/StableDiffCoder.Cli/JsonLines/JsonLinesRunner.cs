using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>
/// One answer a line, flushed at once. A bad line gets <c>{"error":…}</c> in its place, and the rest goes on. Blank lines are skipped.
/// </summary>
internal sealed class JsonLinesRunner(JsonLinesInput input, CommandConsole console)
{
    /// <summary>How all JSON is written: readable, with everything that could be taken for a line's end escaped.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r"u8;

    /// <summary>Opens a file of lines, loads what answers them, and answers every one.</summary>
    /// <param name="path">The file; "-" is standard input.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="load">Called once the file is open.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <returns>As the other.</returns>
    public static async Task<int> RunAsync(
        string path,
        CommandConsole console,
        Func<Task<IJsonLineAnswerer>> load,
        CancellationToken cancellationToken
    )
    {
        using var input = JsonLinesInput.Open(path, console);
        await using IJsonLineAnswerer answerer = await load();
        return await new JsonLinesRunner(input, console).RunAsync(answerer, cancellationToken);
    }

    /// <summary>Answers every line.</summary>
    /// <returns>0; 2 when a line was wrong; 1 when answering a line failed for another reason.</returns>
    public async Task<int> RunAsync(IJsonLineAnswerer answerer, CancellationToken cancellationToken)
    {
        int exitCode = ExitCodes.Done;
        while (await input.ReadLineAsync(cancellationToken) is ReadOnlyMemory<byte> line)
        {
            if (line.Span.Trim(WhiteSpace).IsEmpty)
            {
                continue;
            }
            try
            {
                await WriteAsync(answer => AnswerAsync(line, answerer, answer, cancellationToken));
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                int code = await ReportAsync(error);
                exitCode = exitCode == ExitCodes.Failed ? exitCode : code;
            }
        }
        return exitCode;
    }

    private static async Task AnswerAsync(
        ReadOnlyMemory<byte> line,
        IJsonLineAnswerer answerer,
        Utf8JsonWriter answer,
        CancellationToken cancellationToken
    )
    {
        if (!Utf8.IsValid(line.Span))
        {
            throw new InvalidInputException("the line is not UTF-8; save the file as UTF-8");
        }
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"not a JSON object: {Reason(error)}", error);
        }
        using (document)
        {
            await answerer.AnswerAsync(new JsonFields(document.RootElement), answer, cancellationToken);
        }
    }

    // The answer is written whole or not at all.
    private async Task WriteAsync(Func<Utf8JsonWriter, Task> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            await write(json);
            json.WriteEndObject();
        }
        await console.Output.WriteAsync(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
        await console.Output.FlushAsync(CancellationToken.None);
    }

    private async Task<int> ReportAsync(Exception error)
    {
        bool wrong = error is InvalidInputException or ArgumentException;
        string reason = (wrong ? error.Message : $"{error.GetType().Name}: {error.Message}").ReplaceLineEndings(" ");
        await WriteAsync(answer =>
        {
            answer.WriteString("error", $"line {input.LineNumber}: {reason}");
            return Task.CompletedTask;
        });
        await console.Error.WriteLineAsync($"stable-diffcoder: {input.Name}:{input.LineNumber}: {reason}");
        return wrong ? ExitCodes.InvalidInput : ExitCodes.Failed;
    }

    // The reader counts lines inside its own text, which is always the first.
    private static string Reason(JsonException error)
    {
        int tail = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string message = tail < 0 ? error.Message : error.Message[..tail];
        return $"byte {error.BytePositionInLine + 1}: {message}";
    }
}
