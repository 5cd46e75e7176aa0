using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>What the line says already before the cursor is not said again: <c>var total = |</c> and <c>var total = a + b;</c>.</summary>
internal sealed class PrefixEchoRule : IEditingRule
{
    private const int LeastCharacters = 4;
    private const string Operators = "=<>+-*/%&|^!~?:.";

    /// <inheritdoc />
    public string Name => "PrefixEcho";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        string said = context.LinePrefix.Trim();
        string text = draft.Text.TrimStart(' ', '\t');
        if (WordCharacters.Count(said) < LeastCharacters || !text.StartsWith(said, StringComparison.Ordinal) || GoesOn(said, text))
        {
            return RuleOutcome.Keep(draft);
        }
        string rest = text[said.Length..];
        bool spaced = context.LinePrefix[^1] is ' ' or '\t';
        return RuleOutcome.Keep(draft with { Text = spaced ? rest.TrimStart(' ', '\t') : rest });
    }

    // "total =" is not what "total == 5" begins with, nor "foo" what "foobar" does.
    private static bool GoesOn(string said, string text)
    {
        if (said.Length == text.Length)
        {
            return false;
        }
        char last = said[^1];
        char next = text[said.Length];
        return char.IsLowSurrogate(next)
            || (WordCharacters.IsWord(last) && WordCharacters.IsWord(next))
            || (Operators.Contains(last, StringComparison.Ordinal) && Operators.Contains(next, StringComparison.Ordinal));
    }
}
