namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>What is quicker typed than read is not shown, unless the user asked.</summary>
internal sealed class TooShortRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "TooShort";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        ReadOnlySpan<char> there = context.Text.AsSpan(context.Replaced.Start, context.Replaced.Length + draft.Absorbed);
        int fresh = Visible(draft.Text) - Visible(there);
        return !context.Invoked && fresh < context.Options.MinimumCharacters
            ? RuleOutcome.Silence($"only {Math.Max(0, fresh)} new characters; {context.Options.MinimumCharacters} are asked for")
            : RuleOutcome.Keep(draft);
    }

    private static int Visible(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char symbol in text)
        {
            count += char.IsWhiteSpace(symbol) ? 0 : 1;
        }
        return count;
    }
}
