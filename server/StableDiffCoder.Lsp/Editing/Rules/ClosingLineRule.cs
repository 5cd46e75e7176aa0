using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// Behind a body of several lines, the closing bracket that the editor had put on the cursor's line gets a line of its own, indented like
/// the line that opened it.
/// </summary>
internal sealed class ClosingLineRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "ClosingLine";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        int last = draft.Text.AsSpan().LastIndexOfAny('\r', '\n');
        ReadOnlySpan<char> rest = context.LineSuffix.AsSpan(draft.Absorbed).TrimStart();
        if (last < 0 || rest.IsEmpty || !BracketScan.IsClosing(rest[0]))
        {
            return RuleOutcome.Keep(draft);
        }
        string body = draft.Text.TrimEnd();
        string indent = context.LinePrefix[..Columns.LeadingLength(context.LinePrefix)];
        return RuleOutcome.Keep(draft with { Text = body.Length == 0 ? "" : body + context.Style.NewLine + indent });
    }
}
