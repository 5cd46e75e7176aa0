namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A text that is there already is not suggested.</summary>
internal sealed class IdenticalRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "Identical";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        ReadOnlySpan<char> there = context.Text.AsSpan(context.Replaced.Start, context.Replaced.Length + draft.Absorbed);
        return there.TrimEnd().SequenceEqual(draft.Text.AsSpan().TrimEnd())
            ? RuleOutcome.Silence("the text is there already")
            : RuleOutcome.Keep(draft);
    }
}
