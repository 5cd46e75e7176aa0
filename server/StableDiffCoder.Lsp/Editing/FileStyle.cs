using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>How a file is written, read off its own lines.</summary>
/// <param name="Tabs">Whether lines are indented by tabs.</param>
/// <param name="Width">Columns of one step; with tabs, of one tab.</param>
/// <param name="NewLine">Its line break.</param>
/// <param name="BraceOnOwnLine">Whether an opening brace has a line of its own.</param>
/// <param name="IsShown">Whether any line is indented, so that there is something to fit to.</param>
internal sealed record FileStyle(bool Tabs, int Width, string NewLine, bool BraceOnOwnLine, bool IsShown)
{
    private const int LinesRead = 5000;
    private const int WidestStep = 8;

    /// <summary>Reads a file's first lines. Where they show nothing: spaces, the language's usual step, "\n".</summary>
    public static FileStyle Of(string text, LanguageSyntax language)
    {
        List<LineSpan> lines = LineSpan.Split(text, 0, LinesRead);
        int tabbed = 0;
        int spaced = 0;
        int ownLine = 0;
        int lineEnd = 0;
        int[] blockSteps = new int[WidestStep + 1];
        int[] otherSteps = new int[WidestStep + 1];
        int before = 0;
        bool opened = false;
        foreach (LineSpan line in lines)
        {
            ReadOnlySpan<char> content = line.Of(text).TrimEnd();
            int leading = Columns.LeadingLength(content);
            // The lines of a block comment stand a column off.
            if (content.IsEmpty || content[leading] == '*')
            {
                continue;
            }
            tabbed += content[0] == '\t' ? 1 : 0;
            spaced += content.StartsWith("  ") ? 1 : 0;
            ownLine += content[leading..] is "{" ? 1 : 0;
            lineEnd += content[^1] == '{' && content.Length > leading + 1 ? 1 : 0;
            int step = leading - before;
            before = leading;
            if (step is > 1 and <= WidestStep && content[0] == ' ')
            {
                (opened ? blockSteps : otherSteps)[step]++;
            }
            opened = BlockOpening.Ends(content, language);
        }
        bool tabs = tabbed > spaced;
        // Arguments on lines of their own may hang further in than a block's lines do.
        int[] steps = blockSteps.Max() > 0 ? blockSteps : otherSteps;
        int common = Array.IndexOf(steps, steps.Max());
        int width = tabs || steps[common] == 0 ? language.DefaultIndent : common;
        return new FileStyle(tabs, width, CommonBreak(text, lines), ownLine > lineEnd, tabs || steps[common] > 0);
    }

    /// <summary>The white space that reaches a column.</summary>
    public string Indent(int column) =>
        Tabs ? new string('\t', column / Width) + new string(' ', column % Width) : new string(' ', Math.Max(0, column));

    /// <summary>Whether white space is written as this file writes it; blanks behind tabs align and may stay.</summary>
    public bool Writes(ReadOnlySpan<char> whitespace)
    {
        if (!Tabs)
        {
            return !IsShown || !whitespace.Contains('\t');
        }
        ReadOnlySpan<char> blanks = whitespace.TrimStart('\t');
        return !blanks.Contains('\t') && (blanks.Length < Width || blanks.Length < whitespace.Length);
    }

    private static string CommonBreak(string text, List<LineSpan> lines)
    {
        int pairs = lines.Count(line => line.Next - line.End == 2);
        int returns = lines.Count(line => line.Next - line.End == 1 && text[line.End] == '\r');
        int feeds = lines.Count(line => line.Next - line.End == 1) - returns;
        if (pairs > feeds && pairs >= returns)
        {
            return "\r\n";
        }
        return returns > feeds ? "\r" : "\n";
    }
}
