namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// What editors need to show a text as ghost text: it begins with what stands before the cursor (or with the entry selected in the editor's
/// list), and the characters that it replaces occur in its first line, in their order.
/// </summary>
internal sealed class KeepsReplacedTextRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "KeepsReplacedText";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        int start = context.Replaced.Start;
        string typed = context.Selected ?? context.Text[start..context.Cursor];
        if (!draft.Text.StartsWith(typed, StringComparison.Ordinal))
        {
            return RuleOutcome.Silence("it changes what stands before the cursor");
        }
        int lineBreak = draft.Text.AsSpan().IndexOfAny('\r', '\n');
        ReadOnlySpan<char> firstLine = draft.Text.AsSpan(0, lineBreak < 0 ? draft.Text.Length : lineBreak);
        ReadOnlySpan<char> behind = context.Text.AsSpan(context.Cursor, context.Replaced.End + draft.Absorbed - context.Cursor);
        return IsSubword(behind, firstLine[Math.Min(typed.Length, firstLine.Length)..])
            ? RuleOutcome.Keep(draft)
            : RuleOutcome.Silence("it drops characters that stand behind the cursor");
    }

    /// <summary>Whether all characters of one text occur in another, in the same order.</summary>
    public static bool IsSubword(ReadOnlySpan<char> part, ReadOnlySpan<char> whole)
    {
        int found = 0;
        for (int i = 0; i < whole.Length && found < part.Length; i++)
        {
            found += whole[i] == part[found] ? 1 : 0;
        }
        return found == part.Length;
    }
}
