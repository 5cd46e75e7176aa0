using System.Globalization;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Editing;

/// <summary>Rewrites a span of a file by instruction: reads, runs the model, then prints and perhaps writes.</summary>
internal sealed class FileEdit(CommandConsole console)
{
    /// <summary>The file, and what becomes of the result.</summary>
    public required FileTarget Target { get; init; }

    /// <summary>The code to rewrite.</summary>
    public required SpanArgument Span { get; init; }

    /// <summary>What is to be done.</summary>
    public required string Instruction { get; init; }

    /// <summary>How to sample.</summary>
    public required EditOptions Sampling { get; init; }

    /// <summary>Does it all.</summary>
    /// <param name="load">Loads the engine; only called when the arguments are right.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="InvalidInputException">The file or the span is wrong.</exception>
    public async Task RunAsync(Func<IProgress<ModelLoadProgress>?, Task<InfillEngine>> load, CancellationToken cancellationToken)
    {
        SourceFile file = Target.Read();
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
        var report = new SpanReport(result.Span, result.NewText, result.Forwards, result.Tokens, result.Stop);
        string note = Target.Finish(file, [report], result.Model);
        if (!Target.IsJson)
        {
            console.Error.WriteLine(Summary(result, note));
        }
    }

    private static string LastLine(InfillCanvas canvas)
    {
        const int Longest = 60;
        string decided = canvas.Spans[0].Text.TrimEnd(CanvasSpan.MaskGlyph);
        string line = decided[(decided.LastIndexOf('\n') + 1)..];
        return line.Length > Longest ? line[^Longest..] : line;
    }

    private static string Summary(EditResult result, string note)
    {
        string end = result.Stop == InfillStop.Length ? " · the answer was cut short; raise --max-new-tokens" : note;
        return TerminalText.Printable(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Tokens} tokens in {result.Forwards} forwards · {result.Milliseconds / 1000:0.00} s · {result.Model}{end}"
            )
        );
    }
}
