using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>One answer of a model to an instruction.</summary>
/// <param name="Span">What is replaced.</param>
/// <param name="NewText">The new text, cleaned.</param>
/// <param name="NewErrors">Syntax errors that the document has more than before; 0 where none are looked for.</param>
/// <param name="IsCutShort">Whether the model ran out of tokens.</param>
internal sealed record EditProposal(TextSpan Span, string NewText, int NewErrors, bool IsCutShort)
{
    /// <summary>Whether nothing speaks against it.</summary>
    public bool IsSound => NewErrors == 0 && !IsCutShort;

    /// <summary>The proposal with the fewest new errors, whole ones before those cut short; the earlier where they are equal.</summary>
    public static EditProposal Best(IReadOnlyList<EditProposal> proposals) =>
        proposals.OrderBy(proposal => proposal.NewErrors).ThenBy(proposal => proposal.IsCutShort).First();

    /// <summary>Counts the syntax errors that a replacement brings.</summary>
    /// <param name="before">The document; null where its language is not C#.</param>
    /// <param name="span">What is replaced.</param>
    /// <param name="newText">The new text.</param>
    public static int CountNewErrors(CSharpText? before, TextSpan span, string newText)
    {
        if (before is null)
        {
            return 0;
        }
        string after = string.Concat(before.Text.AsSpan(0, span.Start), newText, before.Text.AsSpan(span.End));
        return before.CountNewErrors(after);
    }
}
