using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using StableDiffCoder.Engine.Infilling;
using RoslynSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace StableDiffCoder.Lsp.CSharp;

/// <summary>
/// Grows a selection of C# to whole statements, members, accessors or usings, with the whole lines they stand on where these are theirs alone:
/// what models are trained to rewrite. Half a statement would have to fit the other half.
/// </summary>
internal static class SelectionGrowth
{
    /// <summary>Most characters that a grown selection may have; the answer repeats them.</summary>
    private const int Longest = 6000;

    /// <summary>Grows a selection.</summary>
    /// <returns>The selection itself where it is whole already, has no code, or would get too long.</returns>
    public static TextSpan Grow(CSharpText code, TextSpan selection)
    {
        string text = code.Text;
        RoslynSpan wanted = Trimmed(text, selection);
        if (wanted.IsEmpty && IsBlankLine(text, wanted.Start))
        {
            return selection;
        }
        if (Items(code, wanted) is not RoslynSpan items)
        {
            return selection;
        }
        RoslynSpan grown = RoslynSpan.FromBounds(Math.Min(items.Start, wanted.Start), Math.Max(items.End, wanted.End));
        if (grown == wanted)
        {
            return selection;
        }
        grown = WholeLines(text, grown);
        bool isLarger = grown.Start < selection.Start || grown.End > selection.End;
        return isLarger && grown.Length <= Longest ? new TextSpan(grown.Start, grown.Length) : selection;
    }

    // The items of the innermost list that hold all of the selection; what begins or ends outside an excerpt is cut where it does.
    private static RoslynSpan? Items(CSharpText code, RoslynSpan wanted)
    {
        RoslynSpan whole = new(code.Start, code.Text.Length);
        return
            Items(code.Root, code.Start, new RoslynSpan(wanted.Start + code.Start, wanted.Length))?.Intersection(whole) is RoslynSpan items
            ? new RoslynSpan(items.Start - code.Start, items.Length)
            : null;
    }

    private static RoslynSpan? Items(SyntaxNode root, int first, RoslynSpan wanted)
    {
        SyntaxNode? node = root.FullSpan.Contains(wanted) ? root.FindNode(wanted) : root;
        if (wanted.IsEmpty && !root.FindToken(Math.Min(wanted.Start, Math.Max(0, root.FullSpan.End - 1))).Span.IntersectsWith(wanted))
        {
            // In white space or a comment, where a cursor names nothing, unless it stands behind a token.
            SyntaxToken before = root.FindToken(Math.Max(first, wanted.Start - 1));
            if (!before.Span.IntersectsWith(wanted))
            {
                return null;
            }
            node = before.Parent;
        }
        for (; node is not null; node = node.Parent)
        {
            SyntaxNode[] touched =
            [
                .. List(node)
                    .Where(item => item.SpanStart >= first)
                    .Where(item => wanted.IsEmpty ? item.Span.IntersectsWith(wanted) : item.Span.OverlapsWith(wanted)),
            ];
            if (touched.Length > 0 && touched[0].FullSpan.Start <= wanted.Start && wanted.End <= touched[^1].FullSpan.End)
            {
                return RoslynSpan.FromBounds(touched[0].Span.Start, touched[^1].Span.End);
            }
        }
        return null;
    }

    private static IEnumerable<SyntaxNode> List(SyntaxNode node) =>
        node switch
        {
            BlockSyntax block => block.Statements,
            SwitchSectionSyntax section => section.Statements,
            AccessorListSyntax accessors => accessors.Accessors,
            TypeDeclarationSyntax type => type.Members,
            EnumDeclarationSyntax list => list.Members,
            NamespaceDeclarationSyntax space => [.. space.Usings, .. space.Members],
            FileScopedNamespaceDeclarationSyntax space => [.. space.Usings, .. space.Members],
            CompilationUnitSyntax unit => [.. unit.Usings, .. unit.Members],
            _ => [],
        };

    private static RoslynSpan Trimmed(string text, TextSpan selection)
    {
        (int start, int end) = (selection.Start, selection.End);
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }
        return selection.Length > 0 && start == end ? new RoslynSpan(selection.Start, 0) : RoslynSpan.FromBounds(start, end);
    }

    /// <summary>Grows a selection of any language to whole lines, the last one's break not included.</summary>
    /// <returns>The selection itself where it is empty on a blank line, or would get too long.</returns>
    public static TextSpan GrowToLines(string text, TextSpan selection)
    {
        RoslynSpan wanted = Trimmed(text, selection);
        int start = LineStart(text, wanted.Start);
        int end = LineEnd(text, wanted.End);
        bool isLarger = start < selection.Start || end > selection.End;
        return isLarger && !IsBlankLine(text, wanted.Start) && end - start <= Longest ? new TextSpan(start, end - start) : selection;
    }

    // To the start of the first line and the end of the last one, its break not included, where nothing else stands on them.
    private static RoslynSpan WholeLines(string text, RoslynSpan span)
    {
        int start = LineStart(text, span.Start);
        int end = LineEnd(text, span.End);
        bool isAlone = text.AsSpan(start, span.Start - start).IsWhiteSpace() && text.AsSpan(span.End, end - span.End).IsWhiteSpace();
        return isAlone ? RoslynSpan.FromBounds(start, end) : span;
    }

    private static bool IsBlankLine(string text, int offset)
    {
        int start = LineStart(text, offset);
        return text.AsSpan(start, LineEnd(text, offset) - start).IsWhiteSpace();
    }

    private static int LineStart(string text, int offset)
    {
        int found = text.AsSpan(0, offset).LastIndexOfAny('\r', '\n');
        return found + 1;
    }

    private static int LineEnd(string text, int offset)
    {
        int found = text.AsSpan(offset).IndexOfAny('\r', '\n');
        return found < 0 ? text.Length : offset + found;
    }
}
