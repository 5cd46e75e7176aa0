namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>When the model ran out of tokens in the middle of several lines, the last line is dropped: it may be half a line.</summary>
internal sealed class HalfLineRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "HalfLine";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        int last = draft.Text.AsSpan().LastIndexOfAny('\r', '\n');
        bool several = last >= 0 && !draft.Text.AsSpan(0, last).IsWhiteSpace();
        return RuleOutcome.Keep(draft.CutShort && several ? draft with { Text = draft.Text[..last].TrimEnd('\r') } : draft);
    }
}
