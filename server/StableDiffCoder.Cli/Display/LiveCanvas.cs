using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Display;

/// <summary>Shows the canvas on a terminal while it is denoised, and removes it when the answer is there.</summary>
/// <param name="file">The file.</param>
/// <param name="spans">In document order.</param>
/// <param name="model">What is loaded.</param>
internal sealed class LiveCanvas(SourceFile file, IReadOnlyList<TextSpan> spans, EngineDescription model)
{
    private const int RowsKeptFree = 6;

    // A terminal shows no more, and drawing is not free.
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(15);

    private readonly CanvasText text = new(file, spans);

    /// <summary>Runs an infill under the display.</summary>
    /// <param name="ansi">A terminal.</param>
    /// <param name="run">The infill; reports its canvas.</param>
    public async Task<InfillResult> RunAsync(IAnsiConsole ansi, Func<IProgress<InfillCanvas>, Task<InfillResult>> run)
    {
        int maxLines = Math.Max(3, ansi.Profile.Height - RowsKeptFree);
        var untouched = new InfillCanvas { Step = 0, Spans = [.. spans.Select(_ => Untouched())] };
        return await ansi.Live(View(untouched, TimeSpan.Zero, maxLines))
            .AutoClear(true)
            .Overflow(VerticalOverflow.Crop)
            .StartAsync(async context =>
            {
                var frames = new Frames(context, (canvas, elapsed) => View(canvas, elapsed, maxLines));
                InfillResult result = await run(frames);
                frames.ShowLast();
                return result;
            });
    }

    private CanvasView View(InfillCanvas canvas, TimeSpan elapsed, int maxLines)
    {
        int masked = canvas.Spans.Sum(span => span.Masked.Sum(mask => mask.Length));
        CanvasSpan[] decided = [.. canvas.Spans.Where(span => span.Confidence > 0)];
        string confidence = decided.Length == 0 ? "" : $" · confidence {Format(decided.Average(span => span.Confidence), "0.00")}";
        string pace = canvas.Step == 0 ? "" : $" · {Format(elapsed.TotalMilliseconds / canvas.Step, "0")} ms each";
        string footer = $"forward {canvas.Step}{pace} · {masked} masked{confidence} · {model.Model} ({model.DataType}, {model.Device})";
        return new CanvasView(text.Lines(canvas.Spans), footer, maxLines);
    }

    private static CanvasSpan Untouched()
    {
        string masks = new(CanvasSpan.MaskGlyph, 4);
        return new CanvasSpan
        {
            Text = masks,
            Masked = [new TextSpan(0, masks.Length)],
            Confidence = 0,
        };
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Draws on the reporting thread, so that what is shown is never older than what is computed.</summary>
    private sealed class Frames(LiveDisplayContext context, Func<InfillCanvas, TimeSpan, CanvasView> view) : IProgress<InfillCanvas>
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private TimeSpan drawn = TimeSpan.MinValue;
        private InfillCanvas? pending;

        public void Report(InfillCanvas value)
        {
            pending = value;
            if (drawn == TimeSpan.MinValue || clock.Elapsed - drawn >= FrameTime)
            {
                ShowLast();
            }
        }

        public void ShowLast()
        {
            if (pending is InfillCanvas canvas)
            {
                pending = null;
                context.UpdateTarget(view(canvas, clock.Elapsed));
                drawn = clock.Elapsed;
            }
        }
    }
}
