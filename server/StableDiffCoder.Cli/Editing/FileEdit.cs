using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Editing;

/// <summary>Rewrites a span of a file by instruction: reads, runs the model, then prints and perhaps writes.</summary>
internal sealed class FileEdit(CommandConsole console)
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The code to rewrite.</summary>
    public required SpanArgument Span { get; init; }

    /// <summary>What is to be done.</summary>
    public required string Instruction { get; init; }

    /// <summary>How to sample.</summary>
    public required EditOptions Sampling { get; init; }

    /// <summary>Print JSON instead of a diff.</summary>
    public bool Json { get; init; }

    /// <summary>Write the result.</summary>
    public bool Write { get; init; }

    /// <summary>Does it all.</summary>
    /// <param name="load">Loads the engine; only called when the arguments are right.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="InvalidInputException">The file or the span is wrong.</exception>
    public async Task RunAsync(Func<IProgress<ModelLoadProgress>?, Task<InfillEngine>> load, CancellationToken cancellationToken)
    {
        SourceFile file = SourceFile.Read(Path);
        var request = new EditRequest
        {
            Text = file.Text,
            Span = Span.Resolve(file),
            Instruction = Instruction,
            Options = Sampling,
        };
        request.Validate();
        EditResult result;
        await using (InfillEngine engine = await load(null))
        {
            using var progress = new ProgressLine<InfillCanvas>(
                console,
                canvas => $"forward {canvas.Step}: {TerminalText.Printable(LastLine(canvas))}"
            );
            result = await engine.EditAsync(request, progress, cancellationToken);
        }
        string newText = file.Replace([(result.Span, result.NewText)]);
        if (Write && newText != file.Text)
        {
            file.Write(newText);
        }
        if (Json)
        {
            PrintJson(file, result);
            return;
        }
        DiffPrinter.Print(console, Path, file.Text, newText);
        console.Error.WriteLine(Summary(result, newText != file.Text));
    }

    private static string LastLine(InfillCanvas canvas)
    {
        const int Longest = 60;
        string decided = canvas.Spans[0].Text.TrimEnd(CanvasSpan.MaskGlyph);
        string line = decided[(decided.LastIndexOf('\n') + 1)..];
        return line.Length > Longest ? line[^Longest..] : line;
    }

    private void PrintJson(SourceFile file, EditResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonLinesRunner.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("spans");
            json.WriteStartObject();
            json.WriteStartObject("range");
            WritePosition(json, "start", file.Lines.PositionAt(result.Span.Start));
            WritePosition(json, "end", file.Lines.PositionAt(result.Span.End));
            json.WriteEndObject();
            json.WriteString("text", result.NewText);
            json.WriteNumber("forwards", result.Forwards);
            json.WriteNumber("tokens", result.Tokens);
            json.WriteString("stop", result.Stop == InfillStop.Length ? "length" : "eos");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("model", result.Model);
            json.WriteEndObject();
        }
        console.Output.Write(Encoding.UTF8.GetString(stream.ToArray()) + "\n");
    }

    private static void WritePosition(Utf8JsonWriter json, string name, (int Line, int Character) position)
    {
        json.WriteStartObject(name);
        json.WriteNumber("line", position.Line);
        json.WriteNumber("character", position.Character);
        json.WriteEndObject();
    }

    private string Summary(EditResult result, bool changed)
    {
        string note =
            result.Stop == InfillStop.Length ? " · the answer was cut short; raise --max-new-tokens"
            : !changed ? " · no change"
            : Write ? $" · written to {Path}"
            : "";
        return TerminalText.Printable(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Tokens} tokens in {result.Forwards} forwards · {result.Milliseconds / 1000:0.00} s · {result.Model}{note}"
            )
        );
    }
}
