namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>White space alone is not worth showing.</summary>
internal sealed class WhitespaceOnlyRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "WhitespaceOnly";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft) =>
        string.IsNullOrWhiteSpace(draft.Text) ? RuleOutcome.Silence("nothing is left but white space") : RuleOutcome.Keep(draft);
}
