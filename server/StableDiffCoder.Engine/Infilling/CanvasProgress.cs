using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Turns ids in the middle of denoising into the <see cref="InfillCanvas"/> that a caller is shown.</summary>
internal sealed class CanvasProgress
{
    private readonly IProgress<InfillCanvas> progress;
    private readonly LoadedModel model;
    private readonly CanvasSpan[] spans;

    /// <summary>Starts with every span masked over its whole length.</summary>
    public CanvasProgress(IProgress<InfillCanvas> progress, LoadedModel model, int spanCount, int maxNewTokens)
    {
        this.progress = progress;
        this.model = model;
        spans = [.. Enumerable.Repeat(Render([], [], maxNewTokens), spanCount)];
    }

    /// <summary>Replaces the picture of one span.</summary>
    /// <param name="span">Index of the span.</param>
    /// <param name="ids">Ids so far, with the mask's id where masked.</param>
    /// <param name="confidences">One per id; 0 where masked.</param>
    /// <param name="length">Tokens of the span; those that <paramref name="ids"/> lacks are masked.</param>
    public void Update(int span, IReadOnlyList<int> ids, IReadOnlyList<double> confidences, int length) =>
        spans[span] = Render(ids, confidences, length);

    /// <summary>Shows all spans.</summary>
    /// <param name="forwards">Forwards of the request so far.</param>
    public void Report(int forwards) => progress.Report(new InfillCanvas { Step = forwards, Spans = [.. spans] });

    private CanvasSpan Render(IReadOnlyList<int> ids, IReadOnlyList<double> confidences, int length)
    {
        var text = new StringBuilder();
        var masked = new List<TextSpan>();
        var leading = new List<TokenChoice>();
        var decoder = new StreamingTokenDecoder(model.Tokenizer);
        double sum = 0;
        int decided = 0;
        bool ended = false;
        for (int i = 0; i < length && !ended; i++)
        {
            if (i >= ids.Count || ids[i] == model.SpecialIds.Mask)
            {
                AppendMask(text, masked);
                // Half a character before a mask is not shown.
                decoder = new StreamingTokenDecoder(model.Tokenizer);
                continue;
            }
            ended = ids[i] == model.SpecialIds.Eos;
            sum += confidences[i];
            decided++;
            if (!model.IsControl(ids[i]))
            {
                text.Append(decoder.Append(ids[i]));
            }
            if (masked.Count == 0)
            {
                leading.Add(new TokenChoice(ids[i], confidences[i], text.Length));
            }
        }
        return new CanvasSpan
        {
            Text = text.ToString(),
            Masked = masked,
            Leading = leading,
            Confidence = decided == 0 ? 0 : sum / decided,
        };
    }

    private static void AppendMask(StringBuilder text, List<TextSpan> masked)
    {
        if (masked.Count > 0 && masked[^1].End == text.Length)
        {
            masked[^1] = masked[^1] with { Length = masked[^1].Length + 1 };
        }
        else
        {
            masked.Add(new TextSpan(text.Length, 1));
        }
        text.Append(CanvasSpan.MaskGlyph);
    }
}
