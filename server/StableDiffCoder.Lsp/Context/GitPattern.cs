using System.Text;
using System.Text.RegularExpressions;

namespace StableDiffCoder.Lsp.Context;

/// <summary>
/// One line of a <c>.gitignore</c> (<see href="https://git-scm.com/docs/gitignore#_pattern_format">pattern format</see>). Written here because the
/// packages that do this differ from git, which the tests ask.
/// </summary>
internal sealed class GitPattern
{
    private readonly Regex regex;
    private readonly bool foldersOnly;

    private GitPattern(Regex regex, bool isNegated, bool foldersOnly)
    {
        this.regex = regex;
        this.foldersOnly = foldersOnly;
        IsNegated = isNegated;
    }

    /// <value>Whether it takes back what an earlier pattern ignores.</value>
    public bool IsNegated { get; }

    /// <summary>Reads a line; null for blank lines, comments and patterns that match nothing.</summary>
    public static GitPattern? Parse(string line)
    {
        string pattern = WithoutTrailingBlanks(line);
        bool isNegated = pattern.StartsWith('!');
        pattern = isNegated ? pattern[1..] : pattern;
        bool foldersOnly = pattern.EndsWith('/');
        pattern = foldersOnly ? pattern[..^1] : pattern;
        if (pattern.Length == 0 || line.StartsWith('#') || Translate(pattern) is not string expression)
        {
            return null;
        }
        RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking;
        bool ignoresCase = DocumentPath.Comparer.Equals("a", "A");
        try
        {
            return new GitPattern(new Regex(expression, ignoresCase ? options | RegexOptions.IgnoreCase : options), isNegated, foldersOnly);
        }
        catch (ArgumentException)
        {
            return null; // a range that runs backwards
        }
    }

    /// <summary>Whether it matches a path below the folder of its file, with slashes.</summary>
    public bool Matches(string path, bool isFolder) => (isFolder || !foldersOnly) && regex.IsMatch(path);

    private static string WithoutTrailingBlanks(string line)
    {
        int end = line.Length;
        while (end > 0 && line[end - 1] == ' ' && !(end > 1 && line[end - 2] == '\\'))
        {
            end--;
        }
        return line[..end];
    }

    // With a slash in it, it holds from its file's folder on; else for a name at any depth. Null when it matches nothing.
    private static string? Translate(string pattern)
    {
        bool isRooted = pattern.Contains('/');
        pattern = pattern.StartsWith('/') ? pattern[1..] : pattern;
        var expression = new StringBuilder(isRooted ? @"\A" : @"\A(?:.*/)?");
        for (int at = 0; at < pattern.Length; )
        {
            bool startsPart = at == 0 || pattern[at - 1] == '/';
            if (startsPart && pattern.AsSpan(at).StartsWith("**/"))
            {
                expression.Append("(?:.*/)?");
                at += 3;
            }
            else if (startsPart && isRooted && pattern.AsSpan(at) is "**")
            {
                expression.Append(".+");
                at += 2;
            }
            else if (!AppendOne(expression, pattern, ref at))
            {
                return null;
            }
        }
        return expression.Append(@"\z").ToString();
    }

    private static bool AppendOne(StringBuilder expression, string pattern, ref int at)
    {
        char symbol = pattern[at++];
        switch (symbol)
        {
            case '*':
                expression.Append("[^/]*");
                return true;
            case '?':
                expression.Append("[^/]");
                return true;
            case '[':
                return AppendClass(expression, pattern, ref at);
            case '\\' when at == pattern.Length:
                return false;
            case '\\':
                symbol = pattern[at++];
                break;
        }
        expression.Append(Regex.Escape(symbol.ToString()));
        return true;
    }

    // "[a-z]", "[!a]", "[]a]", "[[:digit:]]"; never a slash. False when it is not closed.
    private static bool AppendClass(StringBuilder expression, string pattern, ref int at)
    {
        bool isNegated = at < pattern.Length && pattern[at] is '!' or '^';
        at += isNegated ? 1 : 0;
        var members = new StringBuilder();
        for (int first = at; at < pattern.Length; )
        {
            char symbol = pattern[at++];
            if (symbol == ']' && at - 1 > first)
            {
                expression.Append(isNegated ? $"[^/{members}]" : $"[{members}-[/]]");
                return true;
            }
            int close =
                symbol == '[' && at < pattern.Length && pattern[at] == ':' ? pattern.IndexOf(":]", at + 1, StringComparison.Ordinal) : -1;
            if (close > 0 && Posix(pattern[(at + 1)..close]) is string known)
            {
                members.Append(known);
                at = close + 2;
                continue;
            }
            bool isRange = symbol == '-' && at - 1 > first && at < pattern.Length && pattern[at] != ']';
            if (isRange)
            {
                members.Append('-');
                continue;
            }
            if (symbol == '\\' && at < pattern.Length)
            {
                symbol = pattern[at++];
            }
            members.Append(symbol is '\\' or ']' or '[' or '^' or '-' ? $"\\{symbol}" : symbol.ToString());
        }
        return false;
    }

    private static string? Posix(string name) =>
        name switch
        {
            "alnum" => "a-zA-Z0-9",
            "alpha" => "a-zA-Z",
            "blank" => @" \t",
            "cntrl" => @"\x00-\x1f\x7f",
            "digit" => "0-9",
            "graph" => @"\x21-\x7e",
            "lower" => "a-z",
            "print" => @"\x20-\x7e",
            "punct" => @"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
            "space" => @"\s",
            "upper" => "A-Z",
            "xdigit" => "0-9a-fA-F",
            _ => null,
        };
}
