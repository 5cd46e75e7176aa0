namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>Whether a string or comment starts at a place of code.</summary>
/// <param name="language">Its rules.</param>
/// <param name="text">The text.</param>
/// <param name="end">Where the scan stops: a quote behind it may be the editor's own, so it does not count.</param>
internal sealed class LiteralOpening(LanguageSyntax language, string text, int end)
{
    private static readonly string[] WordsBeforeOperand =
    [
        .. "return typeof case in of delete void throw new else do instanceof yield await".Split(' '),
    ];

    /// <summary>What opens there, and the length of the sign that opens it; null when nothing does.</summary>
    public (LexicalFrame Opened, int Length)? At(int position, LexicalFrame outer)
    {
        char symbol = text[position];
        return Comment(position, symbol, outer) ?? Text(position, symbol, outer);
    }

    private (LexicalFrame, int)? Comment(int position, char symbol, LexicalFrame outer)
    {
        if (language.BlockComment is (string open, string close) && Matches(position, open))
        {
            return (new LexicalFrame(LexicalKind.BlockComment, outer) { Close = close }, open.Length);
        }
        foreach (string sign in language.LineComments)
        {
            if (Matches(position, sign) && (!language.Has(LiteralForms.SpacedComments) || IsWordStart(position)))
            {
                return (new LexicalFrame(LexicalKind.LineComment, outer), sign.Length);
            }
        }
        bool directive = symbol == '#' && language.Has(LiteralForms.Directives) && outer.Outer is null && IsLineStart(position);
        return directive ? (new LexicalFrame(LexicalKind.Directive, outer), 1) : null;
    }

    private (LexicalFrame, int)? Text(int position, char symbol, LexicalFrame outer)
    {
        switch (symbol)
        {
            case '`' when language.Has(LiteralForms.Template):
                return (Multi(outer, "`") with { Escapes = true, Hole = "${" }, 1);
            case '`' when language.Has(LiteralForms.RawBacktick):
                return (Multi(outer, "`"), 1);
            case '/' when language.Has(LiteralForms.RegularExpression) && IsRegularExpression(position):
                return (Line(outer, "/"), 1);
            case '\'' when language.Has(LiteralForms.CharacterQuote):
                return IsCharacter(position) ? (Line(outer, "'"), 1) : null;
        }
        return language.Quotes.Contains(symbol, StringComparison.Ordinal) ? Quoted(position, symbol, outer) : null;
    }

    private (LexicalFrame, int)? Quoted(int position, char quote, LexicalFrame outer)
    {
        string close = quote.ToString();
        if (language.Has(LiteralForms.Verbatim))
        {
            return CSharpString(position, outer);
        }
        string hole = language.Has(LiteralForms.FormatPrefix) && HasFormatPrefix(position) ? "{" : "";
        string triple = new(quote, 3);
        if (language.Has(LiteralForms.TripleQuotes) && position + 3 <= end && Matches(position, triple))
        {
            return (Multi(outer, triple) with { Escapes = true, Hole = hole }, 3);
        }
        if (language.Has(LiteralForms.MultiLineStrings))
        {
            bool escapes = quote != '\'' || !language.Has(LiteralForms.SpacedComments);
            return (Multi(outer, close) with { Escapes = escapes }, 1);
        }
        return (Line(outer, close) with { Hole = hole }, 1);
    }

    private (LexicalFrame, int) CSharpString(int position, LexicalFrame outer)
    {
        int dollars = 0;
        bool verbatim = false;
        for (int i = position - 1; i >= 0 && text[i] is '$' or '@'; i--)
        {
            dollars += text[i] == '$' ? 1 : 0;
            verbatim |= text[i] == '@';
        }
        int run = 1;
        while (position + run < end && text[position + run] == '"')
        {
            run++;
        }
        string hole = new('{', dollars);
        if (run >= 3 && !verbatim)
        {
            return (new LexicalFrame(LexicalKind.RawString, outer) { Close = new string('"', run), Hole = hole }, run);
        }
        hole = dollars > 0 ? "{" : "";
        LexicalFrame opened = verbatim ? Multi(outer, "\"") with { DoubledClose = true } : Line(outer, "\"");
        return (opened with { Hole = hole }, 1);
    }

    // r, b, f, u in any mixture, not the end of a longer name.
    private bool HasFormatPrefix(int position)
    {
        int first = position;
        while (first > 0 && first > position - 2 && text[first - 1] is 'r' or 'R' or 'f' or 'F' or 't' or 'T')
        {
            first--;
        }
        bool name = first > 0 && WordCharacters.IsWord(text[first - 1]);
        return !name && text.AsSpan(first, position - first).ContainsAny("fFtT");
    }

    // 'a', '\n', '\u0041', or a pair of surrogates.
    private bool IsCharacter(int position)
    {
        ReadOnlySpan<char> rest = text.AsSpan(position + 1);
        if (rest.StartsWith("\\") && rest.Length > 2)
        {
            return rest[2..Math.Min(rest.Length, 12)].Contains('\'');
        }
        return (position + 2 < text.Length && text[position + 2] == '\'' && text[position + 1] != '\'')
            || (position + 3 < text.Length && char.IsHighSurrogate(text[position + 1]) && text[position + 3] == '\'');
    }

    private bool IsRegularExpression(int position)
    {
        int before = position - 1;
        while (before >= 0 && char.IsWhiteSpace(text[before]))
        {
            before--;
        }
        bool tag = before == position - 1 && before >= 0 && text[before] == '<';
        return !tag && ExpectsOperand(before) && ClosesOnItsLine(position);
    }

    private bool ExpectsOperand(int last)
    {
        if (last < 0 || "([{,;=:?!&|+-*%~^<>".Contains(text[last], StringComparison.Ordinal))
        {
            return true;
        }
        int first = last + 1;
        while (first > 0 && WordCharacters.IsWord(text[first - 1]))
        {
            first--;
        }
        return WordsBeforeOperand.Contains(text[first..(last + 1)]);
    }

    private bool ClosesOnItsLine(int position)
    {
        bool inClass = false;
        for (int i = position + 1; i < text.Length && text[i] is not ('\r' or '\n'); i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '/' when !inClass:
                    return true;
            }
        }
        return false;
    }

    private bool Matches(int position, string sign) => text.AsSpan(position).StartsWith(sign, StringComparison.Ordinal);

    private bool IsWordStart(int position) => position == 0 || char.IsWhiteSpace(text[position - 1]);

    private bool IsLineStart(int position)
    {
        int before = position - 1;
        while (before >= 0 && text[before] is ' ' or '\t')
        {
            before--;
        }
        return before < 0 || text[before] is '\r' or '\n' or '\uFEFF';
    }

    private static LexicalFrame Line(LexicalFrame outer, string close) =>
        new(LexicalKind.LineString, outer) { Close = close, Escapes = true };

    private static LexicalFrame Multi(LexicalFrame outer, string close) => new(LexicalKind.MultiLineString, outer) { Close = close };
}
