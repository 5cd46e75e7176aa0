namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A text of several lines ends where it leaves its block; see <see cref="BlockEnd"/>.</summary>
internal sealed class StopAtDedentRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "StopAtDedent";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft) =>
        RuleOutcome.Keep(
            context.Shape.Kind != ShapeKind.Line && context.Shape.EndOf(draft.Text) is int end
                ? draft with
                {
                    Text = draft.Text[..end],
                }
                : draft
        );
}
