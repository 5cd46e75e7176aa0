using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// Blank lines at the start of a text are dropped, but for the one break behind an opened block; blanks there, where the line has one before
/// the cursor; white space at the end, where nothing follows on the line.
/// </summary>
internal sealed class BlankEdgeRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "BlankEdge";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        string text = draft.Text;
        List<LineSpan> lines = LineSpan.Split(text);
        int first = lines.FindIndex(line => !line.IsBlank(text));
        if (first > 0)
        {
            text = (context.IsAtLineStart ? "" : context.Style.NewLine) + text[lines[first].Start..];
        }
        else if (!context.IsAtLineStart && char.IsWhiteSpace(context.LinePrefix[^1]))
        {
            text = text.TrimStart(' ', '\t');
        }
        return RuleOutcome.Keep(draft with { Text = context.IsAtLineEnd ? text.TrimEnd() : text });
    }
}
