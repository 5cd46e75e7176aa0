namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>What a part of a template is.</summary>
internal enum TemplatePartKind
{
    /// <summary>Text to be printed.</summary>
    Text,

    /// <summary>An expression to be printed, <c>{{ … }}</c>.</summary>
    Print,

    /// <summary>A statement, <c>{% … %}</c>.</summary>
    Statement,
}

/// <summary>A part of a template: text, or what stands between the brackets of a tag.</summary>
internal readonly record struct TemplatePart(TemplatePartKind Kind, string Content);

/// <summary>
/// Cuts a Jinja template into text and tags, with white space handled as Hugging Face's <c>apply_chat_template</c> does: <c>trim_blocks</c>
/// and <c>lstrip_blocks</c> are on, a <c>-</c> at a bracket takes all white space next to it, a <c>+</c> none.
/// </summary>
internal static class TemplateLexer
{
    /// <exception cref="TemplateException">A tag or a string is not closed.</exception>
    public static List<TemplatePart> Split(string source)
    {
        var parts = new List<TemplatePart>();
        // Jinja reads CR LF as LF and drops the last line feed of a template.
        string text = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        text = text.EndsWith('\n') ? text[..^1] : text;
        bool takesSpace = false;
        for (int position = 0; position < text.Length; )
        {
            int open = NextTag(text, position);
            string before = text[position..(open < 0 ? text.Length : open)];
            before = takesSpace ? before.TrimStart() : before;
            if (open < 0)
            {
                AddText(parts, before);
                break;
            }
            char kind = text[open + 1];
            int start = open + 2;
            char left = start < text.Length ? text[start] : ' ';
            start += left is '-' or '+' ? 1 : 0;
            AddText(
                parts,
                left == '-' ? before.TrimEnd()
                    : kind == '{' || left == '+' ? before
                    : WithoutIndentation(before, parts.Count == 0)
            );
            int end = TagEnd(text, start, kind);
            char right = end > start ? text[end - 1] : ' ';
            if (kind != '#')
            {
                string content = text[start..(right is '-' or '+' ? end - 1 : end)].Trim();
                parts.Add(new TemplatePart(kind == '{' ? TemplatePartKind.Print : TemplatePartKind.Statement, content));
            }
            takesSpace = right == '-';
            position = end + 2;
            bool takesLineFeed = kind != '{' && right != '+';
            position += takesLineFeed && position < text.Length && text[position] == '\n' ? 1 : 0;
        }
        return parts;
    }

    private static void AddText(List<TemplatePart> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new TemplatePart(TemplatePartKind.Text, text));
        }
    }

    // Spaces and tabs between a line's start and a statement.
    private static string WithoutIndentation(string before, bool isFirst)
    {
        string kept = before.TrimEnd(' ', '\t');
        return kept.EndsWith('\n') || (kept.Length == 0 && isFirst) ? kept : before;
    }

    private static int NextTag(string text, int from)
    {
        for (int i = from; i + 1 < text.Length; i++)
        {
            if (text[i] == '{' && text[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }
        return -1;
    }

    private static int TagEnd(string text, int from, char kind)
    {
        string close = kind == '{' ? "}}" : $"{kind}}}";
        int depth = 0; // of the braces of a dictionary
        for (int i = from; i + 1 < text.Length; i++)
        {
            if (kind != '#' && text[i] is '\'' or '"')
            {
                i = StringEnd(text, i);
            }
            else if (depth == 0 && text.AsSpan(i, 2).SequenceEqual(close))
            {
                return i;
            }
            else if (kind != '#')
            {
                depth +=
                    text[i] == '{' ? 1
                    : text[i] == '}' ? -1
                    : 0;
            }
        }
        throw new TemplateException($"a {{{kind} at offset {from - 2} is not closed");
    }

    /// <summary>Offset of the quote that closes the string that opens at <paramref name="open"/>.</summary>
    /// <exception cref="TemplateException">There is none.</exception>
    public static int StringEnd(string text, int open)
    {
        for (int i = open + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == text[open])
            {
                return i;
            }
        }
        throw new TemplateException($"a string at offset {open} is not closed");
    }
}
