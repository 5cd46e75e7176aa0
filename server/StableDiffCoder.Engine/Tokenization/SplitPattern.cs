using System.Globalization;
using System.Text;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// Translates a pattern of tokenizer.json, written for Oniguruma (Ruby syntax, Unicode), into .NET's dialect. Only what has the same
/// meaning afterwards passes; anything else is refused, as a pattern that matches almost the same would give almost the same ids.
/// </summary>
/// <remarks>
/// Possessive quantifiers become atomic groups and <c>(?i:…)</c> becomes classes of both cases, with the two characters beyond ASCII that
/// Unicode folds onto ASCII letters (<c>ſ</c>, U+017F, and the Kelvin sign, U+212A). <c>\s</c>, <c>\d</c> and the general categories mean
/// the same in both. Source: Oniguruma's doc/RE.
/// </remarks>
internal sealed partial class SplitPattern
{
    private static readonly string[] FoldedPairs = ["ss", "st", "ff", "fi", "fl"];

    private readonly string pattern;
    private readonly StringBuilder output = new();
    private readonly List<(char First, char Last)> namedRanges = [];
    private readonly Stack<(bool IgnoreCase, int Start)> groups = new();
    private bool ignoreCase;
    private int position;
    private int atomStart = -1;
    private char previousFolded;

    private SplitPattern(string pattern) => this.pattern = pattern;

    /// <summary>The pattern in .NET's dialect.</summary>
    public string Expression => output.ToString();

    /// <summary>The characters that the pattern names, as opposed to categories.</summary>
    public IReadOnlyList<(char First, char Last)> NamedRanges => namedRanges;

    /// <exception cref="ArgumentException">The pattern uses something outside the shared part of both dialects.</exception>
    public static SplitPattern Translate(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var translation = new SplitPattern(pattern);
        translation.TranslateAll();
        return translation;
    }

    private void TranslateAll()
    {
        while (position < pattern.Length)
        {
            TranslateNext();
        }

        if (groups.Count > 0)
        {
            throw Refuse("a group that is not closed");
        }
    }

    private void TranslateNext()
    {
        var current = pattern[position++];
        var before = previousFolded;
        previousFolded = '\0';
        switch (current)
        {
            case '|':
                output.Append('|');
                atomStart = -1;
                break;
            case '(':
                OpenGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '[':
                BeginAtom();
                TranslateClass();
                break;
            case '?' or '*' or '+' or '{':
                TranslateQuantifier(current);
                break;
            case '.':
                BeginAtom();
                output.Append('.');
                break;
            case '^' or '$':
                throw Refuse($"the anchor '{current}'");
            case '\\':
                BeginAtom();
                TranslateEscape(before);
                break;
            default:
                BeginAtom();
                AppendLiteral(current, before);
                break;
        }
    }

    private void BeginAtom() => atomStart = output.Length;

    private void OpenGroup()
    {
        groups.Push((ignoreCase, output.Length));
        ReadOnlySpan<string> heads = ["?:", "?i:", "?=", "?!", "?<=", "?<!", "?>"];
        foreach (var head in heads)
        {
            if (pattern.AsSpan(position).StartsWith(head))
            {
                position += head.Length;
                ignoreCase |= head == "?i:";
                output.Append('(').Append(head == "?i:" ? "?:" : head);
                atomStart = -1;
                return;
            }
        }

        if (position < pattern.Length && pattern[position] == '?')
        {
            throw Refuse($"the group '({pattern.AsSpan(position, Math.Min(3, pattern.Length - position))}'");
        }

        output.Append("(?:");
        atomStart = -1;
    }

    private void CloseGroup()
    {
        if (!groups.TryPop(out var group))
        {
            throw Refuse("a ')' without its '('");
        }

        (ignoreCase, atomStart) = group;
        output.Append(')');
    }

    private void TranslateQuantifier(char first)
    {
        if (atomStart < 0)
        {
            throw Refuse($"'{first}' with nothing to repeat");
        }

        if (first == '{')
        {
            AppendInterval();
        }
        else
        {
            output.Append(first);
        }

        var next = position < pattern.Length ? pattern[position] : '\0';
        if (next is '?' or '+')
        {
            if (first == '{')
            {
                throw Refuse($"'{next}' after '{{…}}'");
            }

            position++;
            if (next == '?')
            {
                output.Append('?');
            }
            else
            {
                output.Insert(atomStart, "(?>").Append(')');
            }
        }

        // A quantifier on a quantifier means different things in the two dialects.
        atomStart = -1;
    }

    private void AppendInterval()
    {
        var close = pattern.IndexOf('}', position);
        var bounds = close < 0 ? [] : pattern[position..close].Split(',');
        var valid = bounds.Length is 1 or 2 && IsCount(bounds[0]) && (bounds.Length == 1 || bounds[1].Length == 0 || IsCount(bounds[1]));
        if (!valid)
        {
            throw Refuse("a '{' that does not begin {n}, {n,} or {n,m}");
        }

        output.Append('{').Append(pattern, position, close - position).Append('}');
        position = close + 1;

        static bool IsCount(string text) => text.Length is > 0 and < 5 && text.All(char.IsAsciiDigit);
    }

    private void AppendLiteral(char literal, char before)
    {
        Bmp(literal);
        if (!ignoreCase)
        {
            Name(literal, literal);
            AppendCode(literal);
            return;
        }

        previousFolded = char.ToLowerInvariant(literal);
        if (FoldedPairs.Contains($"{before}{previousFolded}"))
        {
            throw Refuse($"'{before}{previousFolded}' without regard to case");
        }

        output.Append('[');
        AppendBothCases(literal);
        output.Append(']');
    }

    private void AppendBothCases(char literal)
    {
        if (!char.IsAscii(literal))
        {
            throw Refuse($"U+{(int)literal:X4} without regard to case");
        }

        var lower = char.ToLowerInvariant(literal);
        foreach (
            var variant in lower switch
            {
                's' => "sS\u017F",
                'k' => "kK\u212A",
                _ => $"{lower}{char.ToUpperInvariant(literal)}",
            }
        )
        {
            Name(variant, variant);
            AppendCode(variant);
        }
    }

    private void Name(char first, char last) => namedRanges.Add((first, last));

    private void AppendCode(char character) => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");

    private ArgumentException Refuse(string what) =>
        new($"The split pattern '{pattern}' has {what} near position {position}, which is not supported.");
}
