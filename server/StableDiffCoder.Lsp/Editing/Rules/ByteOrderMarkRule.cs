namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A byte order mark is never inserted. The file's own stays, for it is never in a replaced range.</summary>
internal sealed class ByteOrderMarkRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "ByteOrderMark";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft) =>
        RuleOutcome.Keep(draft with { Text = draft.Text.Replace("\uFEFF", "", StringComparison.Ordinal) });
}
