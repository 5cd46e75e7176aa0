namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A text ends before the first thing that is no whole character: a lone surrogate, U+FFFD, a control character.</summary>
internal sealed class BrokenCharacterRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "BrokenCharacter";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft) =>
        RuleOutcome.Keep(draft with { Text = draft.Text[..WholeLength(draft.Text)] });

    private static int WholeLength(string text)
    {
        int i = 0;
        while (i < text.Length)
        {
            bool pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (!pair && (char.IsSurrogate(text[i]) || text[i] == '\uFFFD' || IsControl(text[i])))
            {
                return i;
            }
            i += pair ? 2 : 1;
        }
        return i;
    }

    private static bool IsControl(char symbol) => char.IsControl(symbol) && symbol is not ('\t' or '\r' or '\n');
}
