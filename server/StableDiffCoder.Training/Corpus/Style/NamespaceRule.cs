using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>The one namespace of a file becomes file-scoped, and its content moves one level to the left.</summary>
internal static class NamespaceRule
{
    private const int Indent = 4;

    /// <summary>The new text; the same instance when the file has no such namespace.</summary>
    public static string FileScoped(string text, SyntaxNode root)
    {
        if (
            root is not CompilationUnitSyntax { Members: [NamespaceDeclarationSyntax space] }
            || space.Members.Any(member => member is BaseNamespaceDeclarationSyntax)
        )
        {
            return text;
        }
        HashSet<int> insideTokens = LayoutRules.LinesInsideTokens(root);
        TextLineCollection lines = root.SyntaxTree.GetText().Lines;
        int bodyStart = space.OpenBraceToken.Span.End;
        int bodyEnd = space.CloseBraceToken.SpanStart;
        var result = new StringBuilder(text.Length);
        result.Append(text, 0, space.Name.Span.End).Append(";\n\n");
        string body = text[bodyStart..bodyEnd];
        int line = lines.GetLinePosition(bodyStart).Line;
        bool isFirst = true;
        foreach (string content in body.TrimEnd().Split('\n'))
        {
            bool isBlankTop = isFirst && string.IsNullOrWhiteSpace(content);
            if (!isBlankTop)
            {
                result.Append(insideTokens.Contains(line) ? content : Dedent(content)).Append('\n');
                isFirst = false;
            }
            line++;
        }
        string rest = text[space.CloseBraceToken.Span.End..].TrimEnd();
        return result.Append(rest).Append(rest.Length > 0 ? "\n" : "").ToString();
    }

    private static string Dedent(string line)
    {
        if (line.StartsWith('\t'))
        {
            return line[1..];
        }
        int spaces = line.Length - line.TrimStart(' ').Length;
        return line[Math.Min(spaces, Indent)..];
    }
}
