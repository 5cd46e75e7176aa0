using System.Globalization;
using System.Text;

namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>What a token of an expression is.</summary>
internal enum TemplateTokenKind
{
    /// <summary>A name or a keyword.</summary>
    Name,

    /// <summary>A quoted string, escapes resolved.</summary>
    String,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>An operator or a bracket.</summary>
    Symbol,

    /// <summary>Behind the last token.</summary>
    End,
}

/// <summary>A token of an expression.</summary>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text);

/// <summary>Cuts the inside of a tag into tokens.</summary>
internal static class TemplateTokens
{
    private static readonly string[] Symbols =
    [
        "==",
        "!=",
        "<=",
        ">=",
        "//",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ".",
        ",",
        ":",
        "|",
        "~",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<",
        ">",
        "=",
    ];

    /// <exception cref="TemplateException">A character belongs to no token.</exception>
    public static List<TemplateToken> Read(string text)
    {
        var tokens = new List<TemplateToken>();
        for (int i = 0; i < text.Length; )
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '\'' or '"')
            {
                int end = TemplateLexer.StringEnd(text, i);
                tokens.Add(new TemplateToken(TemplateTokenKind.String, Unescape(text[(i + 1)..end])));
                i = end + 1;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                int end = End(text, i, static d => char.IsAsciiLetterOrDigit(d) || d == '_');
                tokens.Add(new TemplateToken(TemplateTokenKind.Name, text[i..end]));
                i = end;
            }
            else if (char.IsAsciiDigit(c))
            {
                int end = End(text, i, char.IsAsciiDigit);
                tokens.Add(new TemplateToken(TemplateTokenKind.Number, text[i..end]));
                i = end;
            }
            else
            {
                string symbol =
                    Array.Find(Symbols, candidate => text.AsSpan(i).StartsWith(candidate, StringComparison.Ordinal))
                    ?? throw new TemplateException($"'{c}' in '{text}' is not understood");
                tokens.Add(new TemplateToken(TemplateTokenKind.Symbol, symbol));
                i += symbol.Length;
            }
        }
        return tokens;
    }

    private static int End(string text, int from, Func<char, bool> belongs)
    {
        while (from < text.Length && belongs(text[from]))
        {
            from++;
        }
        return from;
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            char escaped = text[++i];
            if (
                escaped == 'u'
                && i + 4 < text.Length
                && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, null, out ushort unit)
            )
            {
                result.Append((char)unit);
                i += 4;
                continue;
            }
            result.Append(
                escaped switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    '\\' or '\'' or '"' => escaped.ToString(),
                    _ => $"\\{escaped}",
                }
            );
        }
        return result.ToString();
    }
}
