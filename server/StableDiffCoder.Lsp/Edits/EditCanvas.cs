using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>
/// What is shown of an edit while it is denoised: the model writes the new code in a fence and without its indentation; shown is the new text of
/// the span that it stands for so far.
/// </summary>
/// <param name="text">The document.</param>
/// <param name="span">What is rewritten.</param>
internal sealed class EditCanvas(string text, TextSpan span)
{
    private readonly ShownCode code = ShownCode.Of(text, span);

    /// <summary>The view of one canvas.</summary>
    public CanvasSpan View(CanvasSpan answer)
    {
        string shown = IsOpening(answer.Text) ? Masks(answer) : code.Restore(EditMessage.Read(answer.Text, code.Text));
        return answer with { Text = shown, Masked = MaskedIn(shown), Leading = [] };
    }

    // Until its first line is whole, an answer may turn out to be a fence.
    private static bool IsOpening(string answer)
    {
        int lineEnd = answer.IndexOf('\n', StringComparison.Ordinal);
        string first = (lineEnd < 0 ? answer : answer[..lineEnd]).TrimStart();
        return first.Contains(CanvasSpan.MaskGlyph, StringComparison.Ordinal) && first[0] is '`' or CanvasSpan.MaskGlyph;
    }

    private static string Masks(CanvasSpan answer) => new(CanvasSpan.MaskGlyph, answer.Masked.Sum(mask => mask.Length));

    private static List<TextSpan> MaskedIn(string shown)
    {
        var masked = new List<TextSpan>();
        for (int start = 0; start < shown.Length; )
        {
            int length = shown.AsSpan(start).IndexOfAnyExcept(CanvasSpan.MaskGlyph);
            length = length < 0 ? shown.Length - start : length;
            if (length > 0)
            {
                masked.Add(new TextSpan(start, length));
            }
            int next = shown.IndexOf(CanvasSpan.MaskGlyph, start + length);
            start = next < 0 ? shown.Length : next;
        }
        return masked;
    }
}
