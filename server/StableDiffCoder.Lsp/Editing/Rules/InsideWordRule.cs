using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>Nothing is suggested in the middle of a word, where it would tear the word apart.</summary>
internal sealed class InsideWordRule : IPlaceRule
{
    /// <inheritdoc />
    public string Name => "InsideWord";

    /// <inheritdoc />
    public string? Refuse(EditContext context)
    {
        int end = context.Replaced.End;
        bool inside = WordCharacters.EndsWord(context.Text.AsSpan(0, end)) && WordCharacters.StartsWord(context.Text.AsSpan(end));
        return inside && !context.Options.InWords ? "the cursor is inside a word" : null;
    }
}
