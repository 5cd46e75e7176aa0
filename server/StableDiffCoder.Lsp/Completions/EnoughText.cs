using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// Watches a text while it is denoised, and ends the work when its block is left: what no stop string can say. Only tokens before the
/// first mask count, which no later step changes.
/// </summary>
internal sealed class EnoughText(CompletionShape shape, TextSpan span, CancellationTokenSource stop) : IProgress<InfillCanvas>
{
    private volatile InfilledSpan? found;
    private int seen; // length of the text at the last look

    /// <summary>The text that was enough; null while none was.</summary>
    public InfilledSpan? Found => found;

    /// <inheritdoc/>
    public void Report(InfillCanvas value)
    {
        CanvasSpan canvas = value.Spans[0];
        string text = canvas.Masked.Count > 0 ? canvas.Text[..canvas.Masked[0].Start] : canvas.Text;
        if (found is not null || text.Length == seen)
        {
            return;
        }
        seen = text.Length;
        if (shape.EndOf(WithoutLastWord(text)) is null)
        {
            return;
        }
        found = new InfilledSpan
        {
            Span = span,
            Text = text,
            Tokens = canvas.Leading.Count,
            Forwards = value.Step,
            Stop = InfillStop.StopString,
            Confidences = [.. canvas.Leading.Select(choice => choice.Confidence)],
            Choices = canvas.Leading,
        };
        stop.Cancel();
    }

    // "el" may become "else", which would go on.
    private static string WithoutLastWord(string text)
    {
        int end = text.Length;
        while (end > 0 && WordCharacters.IsWord(text[end - 1]))
        {
            end--;
        }
        return text[..end];
    }
}
