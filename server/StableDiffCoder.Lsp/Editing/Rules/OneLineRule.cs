namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>Where the rest of a line is wanted, the text ends with the line.</summary>
internal sealed class OneLineRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "OneLine";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft) =>
        RuleOutcome.Keep(
            context.Shape.Kind == ShapeKind.Line && context.Shape.EndOf(draft.Text) is int end
                ? draft with
                {
                    Text = draft.Text[..end],
                }
                : draft
        );
}
