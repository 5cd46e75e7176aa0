using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A text must not grow together with the code behind it: neither into one word, nor as a statement before another on its line.</summary>
internal sealed class JoinedTokensRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "JoinedTokens";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        ReadOnlySpan<char> rest = context.LineSuffix.AsSpan(draft.Absorbed);
        if (!WordCharacters.StartsWord(rest))
        {
            return RuleOutcome.Keep(draft);
        }
        bool word = WordCharacters.EndsWord(draft.Text) && !context.Options.InWords;
        bool statement = context.IsAtLineStart && draft.Text.TrimEnd() is [.., ';' or '}'];
        return word || statement ? RuleOutcome.Silence("it would run into the code behind the cursor") : RuleOutcome.Keep(draft);
    }
}
