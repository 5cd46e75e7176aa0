using System.Globalization;
using Spectre.Console;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>Fills spans of a file: reads, runs the model, then prints and perhaps writes.</summary>
internal sealed class FileInfill(CommandConsole console)
{
    /// <summary>The file, and what becomes of the result.</summary>
    public required FileTarget Target { get; init; }

    /// <summary>As the user gave them, in any order.</summary>
    public required IReadOnlyList<SpanArgument> Spans { get; init; }

    /// <summary>How to sample.</summary>
    public required InfillOptions Sampling { get; init; }

    private bool IsLive => console.IsTerminal && !Target.IsJson;

    /// <summary>Does it all.</summary>
    /// <param name="load">Loads the engine; only called when the arguments are right.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="InvalidInputException">The file or a span is wrong.</exception>
    public async Task RunAsync(Func<IProgress<ModelLoadProgress>?, Task<IInfillEngine>> load, CancellationToken cancellationToken)
    {
        SourceFile file = Target.Read();
        // The engine wants document order; answers go back to the order of the arguments.
        TextSpan[] asGiven = [.. Spans.Select(span => span.Resolve(file))];
        int[] order = [.. Enumerable.Range(0, asGiven.Length).OrderBy(i => asGiven[i].Start).ThenBy(i => asGiven[i].Length)];
        TextSpan[] spans = [.. order.Select(i => asGiven[i])];
        RefuseOverlaps(file, spans, order);
        InfillResult result = await FillAsync(file, spans, load, cancellationToken);
        IEnumerable<SpanReport> reports = result.Spans.Select(span => new SpanReport(
            span.Span,
            file.WithLineEndsOfFile(span.Text),
            span.Forwards,
            span.Tokens,
            span.Stop
        ));
        string note = Target.Finish(file, [.. reports.Zip(order).OrderBy(pair => pair.Second).Select(pair => pair.First)], result.Model);
        if (IsLive)
        {
            PrintSummary(result, note);
        }
    }

    private void RefuseOverlaps(SourceFile file, TextSpan[] spans, int[] order)
    {
        for (int i = 1; i < spans.Length; i++)
        {
            if (spans[i].Start < spans[i - 1].End || spans[i] == spans[i - 1])
            {
                throw new InvalidInputException(
                    $"{file.Path}: --span {Spans[order[i - 1]]} and --span {Spans[order[i]]} overlap; make them one or keep them apart."
                );
            }
        }
    }

    private async Task<InfillResult> FillAsync(
        SourceFile file,
        TextSpan[] spans,
        Func<IProgress<ModelLoadProgress>?, Task<IInfillEngine>> load,
        CancellationToken cancellationToken
    )
    {
        var request = new InfillRequest
        {
            Text = file.Text,
            Spans = spans,
            Options = Sampling,
        };
        if (!IsLive)
        {
            await using IInfillEngine quiet = await load(null);
            return await quiet.InfillAsync(request, progress: null, cancellationToken);
        }
        IAnsiConsole ansi = console.CreateAnsiConsole();
        await using IInfillEngine engine = await LoadingDisplay.RunAsync(ansi, load);
        return await new LiveCanvas(file, spans, engine.Description).RunAsync(
            ansi,
            progress => engine.InfillAsync(request, progress, cancellationToken)
        );
    }

    private void PrintSummary(InfillResult result, string note)
    {
        int tokens = result.Spans.Sum(span => span.Tokens);
        int forwards = result.Spans.Sum(span => span.Forwards);
        double[] confidences = [.. result.Spans.SelectMany(span => span.Confidences)];
        string confidence =
            confidences.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" · confidence {confidences.Average():0.00}");
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{tokens} tokens in {forwards} forwards ({tokens / (double)Math.Max(1, forwards):0.0#} a forward) · {result.Milliseconds / 1000:0.00} s{confidence} · {result.Model}{note}"
        );
        console.Output.Write($"\e[2m{TerminalText.Printable(summary)}\e[0m\n");
    }
}
