using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.CSharp;

/// <summary>Where members of C# lack their code.</summary>
internal static class MemberHoles
{
    /// <summary>The empty bodies of methods and local functions, in the order of the text. A body with a comment is not empty, and those of constructors
    /// are often so on purpose.</summary>
    public static IEnumerable<TextSpan> EmptyBodies(CSharpText code) =>
        code
            .Root.DescendantNodes()
            .Where(node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax && node.SpanStart >= code.Start)
            .Select(member => EmptyBody(code, member))
            .OfType<TextSpan>();

    /// <summary>Where the code is to go that completes the member around a cursor: its empty body, else the cursor.</summary>
    /// <returns>Null when the cursor is in no member.</returns>
    public static TextSpan? Completing(CSharpText code, int cursor)
    {
        int inside = code.Start + Math.Clamp(cursor, 0, Math.Max(0, code.Text.Length - 1));
        IEnumerable<SyntaxNode> around = code.Root.FindToken(inside).Parent?.AncestorsAndSelf() ?? [];
        SyntaxNode? member = around.FirstOrDefault(node =>
            node
                is BaseMethodDeclarationSyntax
                    or LocalFunctionStatementSyntax
                    or AccessorDeclarationSyntax
                    or PropertyDeclarationSyntax
                    or IndexerDeclarationSyntax
            && code.Start <= node.SpanStart
            && node.FullSpan.Start <= code.Start + cursor
            && code.Start + cursor <= node.Span.End
        );
        return member is null ? null : EmptyBody(code, member) ?? new TextSpan(cursor, 0);
    }

    private static TextSpan? EmptyBody(CSharpText code, SyntaxNode member)
    {
        (BlockSyntax? body, ArrowExpressionClauseSyntax? arrow) = member switch
        {
            BaseMethodDeclarationSyntax method => (method.Body, method.ExpressionBody),
            LocalFunctionStatementSyntax function => (function.Body, function.ExpressionBody),
            AccessorDeclarationSyntax accessor => (accessor.Body, accessor.ExpressionBody),
            PropertyDeclarationSyntax property => (null, property.ExpressionBody),
            IndexerDeclarationSyntax indexer => (null, indexer.ExpressionBody),
            _ => (null, null),
        };
        if (arrow is { Expression.IsMissing: true })
        {
            return new TextSpan(Math.Min(arrow.ArrowToken.FullSpan.End - code.Start, code.Text.Length), 0);
        }
        if (body is null || body.Statements.Count > 0 || body.OpenBraceToken.IsMissing || !Closes(code, body))
        {
            return null;
        }
        bool isBlank = body
            .OpenBraceToken.TrailingTrivia.Concat(body.CloseBraceToken.LeadingTrivia)
            .All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        if (!isBlank)
        {
            return null;
        }
        // Over several lines the blanks before the closing brace are its own.
        int start = body.OpenBraceToken.Span.End - code.Start;
        int end = body.CloseBraceToken.SpanStart - code.Start;
        bool isOneLine = !body.OpenBraceToken.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
        return new TextSpan(start, isOneLine ? end - start : 0);
    }

    // An excerpt may end before the body does; then a brace around the excerpt closes it.
    private static bool Closes(CSharpText code, BlockSyntax body) =>
        !body.CloseBraceToken.IsMissing && body.CloseBraceToken.Span.End <= code.Start + code.Text.Length;
}
