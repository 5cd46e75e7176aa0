using CsCheck;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>What holds for every text, every span and every checkpoint.</summary>
public sealed class InfillPropertyTests
{
    private static readonly string[] ControlTexts = ["<[MASK_TOKEN]>", "<[PAD▁TOKEN]>", "<[fim-", "of▁sentence]>", "<[PLHD"];

    private static readonly Gen<(InfillRequest Request, bool Temperate)> Samples = Gen.Select(
        InfillSamples.Requests,
        Gen.Int[1, 9],
        Gen.Bool,
        Gen.Bool,
        Gen.Int[0, 3],
        (request, budget, threshold, temperate, context) =>
            (
                request with
                {
                    Snippets = [.. Enumerable.Range(0, context).Select(i => new ContextSnippet { Path = $"{i}.cs", Text = request.Text })],
                    Options = new InfillOptions
                    {
                        MaxNewTokens = budget,
                        Threshold = threshold ? 0.3 : null,
                        Temperature = temperate ? 1 : 0,
                        StopStrings = budget % 3 == 0 ? ["\n", "a", "\ufffd\ufffd"] : [],
                        ContextTokens = context == 0 ? budget * 4 : null,
                    },
                },
                temperate
            )
    );

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public async Task InfillAsync_AnyRequest_GivesCleanEdits(bool inPlace, double eosWeight)
    {
        using var checkpoint = new InfillCheckpoint(inPlace, eosWeight);
        await using InfillEngine engine = await InfillEngine.LoadAsync(
            checkpoint.Path,
            new ModelLoadOptions { Threads = 1, DataType = "float32" },
            null,
            CancellationToken.None
        );
        await Samples.SampleAsync(
            async sample =>
            {
                var canvases = new List<InfillCanvas>();
                InfillRequest request = sample.Request;
                InfillResult result = await engine.InfillAsync(request, new Recorder<InfillCanvas>(canvases), CancellationToken.None);
                CheckEdits(request, result);
                CheckTexts(request, result);
                CheckCanvases(request, canvases);
            },
            iter: 60,
            threads: 1
        );
    }

    private static void CheckEdits(InfillRequest request, InfillResult result)
    {
        Assert.Equal(SpanBoundaries.Settle(request.Text, request.Spans), result.Spans.Select(fill => fill.Span));
        // Taking the fills out again leaves the document without its spans.
        string edited = InfillSamples.Apply(request.Text, result.Spans);
        string rest = InfillSamples.Apply(request.Text, [.. result.Spans.Select(fill => fill with { Text = "" })]);
        int offset = 0;
        foreach (InfilledSpan fill in result.Spans)
        {
            int at = fill.Span.Start + offset;
            Assert.Equal(fill.Text, edited.Substring(at, fill.Text.Length));
            edited = edited.Remove(at, fill.Text.Length);
            offset -= fill.Span.Length;
        }
        Assert.Equal(rest, edited);
    }

    private static void CheckTexts(InfillRequest request, InfillResult result)
    {
        foreach (InfilledSpan fill in result.Spans)
        {
            Assert.InRange(fill.Tokens, 0, request.Options.MaxNewTokens);
            Assert.Equal(fill.Tokens, fill.Confidences.Count);
            Assert.All(fill.Confidences, confidence => Assert.InRange(confidence, double.Epsilon, 1));
            Assert.DoesNotContain(ControlTexts, control => fill.Text.Contains(control, StringComparison.Ordinal));
            Assert.DoesNotContain(request.Options.StopStrings, stop => fill.Text.Contains(stop, StringComparison.Ordinal));
            Assert.False(fill.Text.Length > 0 && char.IsHighSurrogate(fill.Text[^1]));
            Assert.True(fill.Stop != InfillStop.StopString || request.Options.StopStrings.Count > 0);
        }
    }

    private static void CheckCanvases(InfillRequest request, List<InfillCanvas> canvases)
    {
        Assert.NotEmpty(canvases);
        Assert.Equal(canvases.Select(canvas => canvas.Step).Order().Distinct(), canvases.Select(canvas => canvas.Step));
        foreach (CanvasSpan span in canvases.SelectMany(canvas => canvas.Spans))
        {
            Assert.All(
                span.Masked,
                range => Assert.Equal(new string(CanvasSpan.MaskGlyph, range.Length), span.Text.Substring(range.Start, range.Length))
            );
            Assert.True(span.Masked.Sum(range => range.Length) <= request.Options.MaxNewTokens);
            Assert.InRange(span.Confidence, 0, 1);
        }
        Assert.All(canvases, canvas => Assert.Equal(request.Spans.Count, canvas.Spans.Count));
    }
}
