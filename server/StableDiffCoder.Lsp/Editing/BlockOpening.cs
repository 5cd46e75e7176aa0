using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>Whether a line opens a block.</summary>
internal static class BlockOpening
{
    /// <summary>Whether the next line belongs a step further in: the line ends in an opening brace, or in Python in a colon.</summary>
    public static bool Ends(ReadOnlySpan<char> line, LanguageSyntax language)
    {
        ReadOnlySpan<char> content = WithoutComment(line, language).Trim();
        if (content.EndsWith("{"))
        {
            return true;
        }
        return content.EndsWith(":") && (language.BlocksByIndentation || content.StartsWith("case ") || content is "default:");
    }

    /// <summary>Whether the next line is usually indented by one step: a block's, or an open bracket's.</summary>
    public static bool Indents(ReadOnlySpan<char> line, LanguageSyntax language) =>
        Ends(line, language) || WithoutComment(line, language).TrimEnd() is [.., '(' or '['];

    /// <summary>Whether the place's line has a parenthesis open: a condition or a call that is not written out.</summary>
    public static bool HasOpenParenthesis(EditContext context)
    {
        int lineStart = context.Replaced.Start - context.LinePrefix.Length;
        return context.Surroundings.Brackets.Any(bracket => bracket.Offset >= lineStart && bracket.Symbol == '(');
    }

    // Only a comment with a blank before it: "http://" stands in strings.
    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line, LanguageSyntax language)
    {
        foreach (string sign in language.LineComments)
        {
            int at = line.LastIndexOf(sign, StringComparison.Ordinal);
            line = at > 0 && line[at - 1] is ' ' or '\t' ? line[..at] : line;
        }
        return line;
    }
}
