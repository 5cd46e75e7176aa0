using System.Text;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// Brackets come in pairs, counted against both sides. A closing bracket whose partner is closed behind the cursor already is absorbed where
/// the editor put it right there, else it ends the text; brackets that the text opens before more code on the line are closed.
/// </summary>
internal sealed class BalanceBracketsRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "BalanceBrackets";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        NewTextScan scan = context.Scan(draft.Text);
        var allowed = new Dictionary<char, int>();
        var unclosed = new Dictionary<char, int>();
        foreach (char open in "([{")
        {
            // A parenthesis that the text leaves open may take the partner that the text has used up: foo(|) and "a).bar(b".
            unclosed[open] = scan.Unclosed.Count(bracket => bracket.Symbol == open);
            allowed[open] = BracketBalance.Owed(context, open) + (open == '{' ? 0 : unclosed[open]);
        }
        int absorbedBefore = draft.Absorbed;
        Allow(allowed, context.LineSuffix.AsSpan(0, absorbedBefore));
        foreach (Bracket closer in scan.Unopened)
        {
            char open = BracketBalance.Opening(closer.Symbol);
            if (allowed[open] == 0 && IsCertain(context, open))
            {
                int absorbed = Absorption.Length(context, draft, closer.Offset);
                if (absorbed == 0)
                {
                    return RuleOutcome.Keep(draft with { Text = EndAt(context, draft.Text, closer.Offset) });
                }
                Allow(allowed, context.LineSuffix.AsSpan(draft.Absorbed, absorbed));
                draft = draft with { Absorbed = draft.Absorbed + absorbed };
            }
            allowed[open] = Math.Max(0, allowed[open] - 1);
        }
        string rest = context.LineSuffix[draft.Absorbed..];
        return RuleOutcome.Keep(
            IsCode(context, rest) ? draft with { Text = draft.Text + Missing(context, draft, scan, allowed, unclosed) } : draft
        );
    }

    private static void Allow(Dictionary<char, int> allowed, ReadOnlySpan<char> closers)
    {
        foreach (char symbol in closers)
        {
            if (BracketScan.IsClosing(symbol))
            {
                allowed[BracketBalance.Opening(symbol)]++;
            }
        }
    }

    // In languages whose brackets do not pair, and in files of which only a part was read, a bracket may have a partner that nobody saw.
    private static bool IsCertain(EditContext context, char open) =>
        context.Surroundings.Brackets.Any(bracket => bracket.Symbol == open)
        || (context.Language.BracketsPair && context.Surroundings.IsExact);

    private static string EndAt(EditContext context, string text, int offset)
    {
        string kept = text[..offset];
        int lineStart = kept.AsSpan().LastIndexOfAny('\r', '\n') + 1;
        bool lineIsBlank = lineStart > 0 && kept.AsSpan(lineStart).IsWhiteSpace();
        bool spaced = context.LineSuffix.Length > 0 && char.IsWhiteSpace(context.LineSuffix[0]);
        return lineIsBlank || spaced || context.IsAtLineEnd ? kept.TrimEnd() : kept;
    }

    private static bool IsCode(EditContext context, string rest)
    {
        string content = rest.TrimStart();
        return content.Length > 0 && !context.Language.LineComments.Any(sign => content.StartsWith(sign, StringComparison.Ordinal));
    }

    /// <summary>What closes the brackets that the text leaves open, innermost first.</summary>
    private static string Missing(
        EditContext context,
        Draft draft,
        NewTextScan scan,
        Dictionary<char, int> allowed,
        Dictionary<char, int> unclosed
    )
    {
        var closing = new StringBuilder();
        bool oneLine = !draft.Text.AsSpan().ContainsAny('\r', '\n');
        if (!oneLine || !context.Language.BracketsPair || scan.Frame.Kind != LexicalKind.Code || scan.Frame != context.Surroundings.Before)
        {
            return "";
        }
        for (int i = scan.Unclosed.Count - 1; i >= 0; i--)
        {
            char open = scan.Unclosed[i].Symbol;
            // Of those counted as allowed above, what is left over was not needed.
            int needed = open == '{' ? unclosed[open] : Math.Min(unclosed[open], allowed[open]);
            int spare = BracketBalance.Spare(context, open);
            if (needed > spare)
            {
                closing.Append(BracketScan.Closing(open));
                unclosed[open]--;
                allowed[open]--;
            }
        }
        return closing.ToString();
    }
}
