using System.Collections.Frozen;
using System.Globalization;

namespace StableDiffCoder.Engine.Tokenization;

/// <content>Character classes and escapes.</content>
internal sealed partial class SplitPattern
{
    private static readonly FrozenSet<string> Categories =
        "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp Cc Cf Co".Split(' ').ToFrozenSet();

    private void TranslateEscape(char before)
    {
        if (TryReadSet(out var set))
        {
            output.Append(set);
        }
        else
        {
            AppendLiteral(ReadEscapedLiteral(), before);
        }
    }

    private void TranslateClass()
    {
        output.Append('[');
        if (Peek() == '^')
        {
            position++;
            output.Append('^');
        }

        if (Peek() == ']')
        {
            throw Refuse("an empty class or one that begins with ']'");
        }

        while (Peek() != ']')
        {
            TranslateClassItem();
        }

        position++;
        output.Append(']');
    }

    private void TranslateClassItem()
    {
        if (Peek() == '\\')
        {
            position++;
            if (TryReadSet(out var set))
            {
                output.Append(set);
                if (Peek() == '-' && Peek(1) != ']')
                {
                    throw Refuse("a range that starts with a set");
                }

                return;
            }

            position--;
        }

        var first = ReadClassLiteral();
        if (Peek() != '-' || Peek(1) == ']')
        {
            AppendClassRange(first, first);
            return;
        }

        position++;
        var last = ReadClassLiteral();
        if (last < first)
        {
            throw Refuse("a range that runs backwards");
        }

        AppendClassRange(first, last);
    }

    private void AppendClassRange(char first, char last)
    {
        if (!ignoreCase)
        {
            Name(first, last);
            AppendCode(first);
            output.Append('-');
            AppendCode(last);
        }
        else if (first == last)
        {
            AppendBothCases(first);
        }
        else
        {
            throw Refuse("a range without regard to case");
        }
    }

    private char ReadClassLiteral()
    {
        var current = Peek();
        position++;
        if (current == '[' || (current == '&' && Peek() == '&'))
        {
            throw Refuse("a class inside a class");
        }

        return current == '\\' ? ReadEscapedLiteral() : Bmp(current);
    }

    /// <summary>Reads what follows a backslash where it is a set of characters, the same in both dialects.</summary>
    private bool TryReadSet(out string set)
    {
        set = "";
        var kind = Peek();
        if (kind is 's' or 'S' or 'd' or 'D')
        {
            position++;
            set = $"\\{kind}";
            return true;
        }

        if (kind is not ('p' or 'P'))
        {
            return false;
        }

        var close = pattern.IndexOf('}', position);
        var name = close > position + 1 && pattern[position + 1] == '{' ? pattern[(position + 2)..close] : "";
        var negated = name.StartsWith('^') != (kind == 'P');
        name = name.TrimStart('^');
        if (!Categories.Contains(name))
        {
            throw Refuse($"the property '\\{kind}{{{name}}}'");
        }

        if (ignoreCase)
        {
            throw Refuse("a property without regard to case");
        }

        position = close + 1;
        set = $"\\{(negated ? 'P' : 'p')}{{{name}}}";
        return true;
    }

    private char ReadEscapedLiteral()
    {
        var escaped = Peek();
        position++;
        return escaped switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'u' => ReadHexadecimal(4),
            'x' => ReadHexadecimal(2),
            _ when char.IsAscii(escaped) && !char.IsAsciiLetterOrDigit(escaped) => escaped,
            _ => throw Refuse($"the escape '\\{escaped}'"),
        };
    }

    private char ReadHexadecimal(int digits)
    {
        var available = Math.Min(digits, pattern.Length - position);
        if (
            !ushort.TryParse(
                pattern.AsSpan(position, available),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var code
            )
            || available < digits
        )
        {
            throw Refuse("an incomplete hexadecimal escape");
        }

        position += digits;
        // Oniguruma reads \x80 to \xFF as raw bytes of UTF-8, not as characters.
        return digits == 2 && code > 0x7F ? throw Refuse($"the byte \\x{code:X2}") : Bmp((char)code);
    }

    private char Bmp(char character) => char.IsSurrogate(character) ? throw Refuse("a character beyond U+FFFF") : character;

    private char Peek(int ahead = 0) =>
        position + ahead < pattern.Length ? pattern[position + ahead] : throw Refuse("an end in the middle of a class or an escape");
}
