using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Writes <c>string.Format</c> as an interpolated string.</summary>
public sealed class StringInterpolation : IEditKind
{
    private static readonly SearchValues<char> EndsHole = SearchValues.Create("\"'{}:?");

    /// <inheritdoc/>
    public string Name => "format-to-interpolation";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "use string interpolation",
        "Replace string.Format by an interpolated string.",
        "convert the string.Format call to interpolation",
        "use $\"…\" instead of string.Format",
        "rewrite the format string as an interpolated one",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } = ["get rid of string.Format", "interpolate the arguments into the string"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (InvocationExpressionSyntax call in source.Root.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (
                !IsFormat(call)
                || call.FirstAncestorOrSelf<StatementSyntax>() is not { } statement
                || Interpolate(source, call) is not { } text
            )
            {
                continue;
            }
            SyntaxNode member = Sites.MemberOf(call);
            bool isOnlyOne = member.DescendantNodes().OfType<InvocationExpressionSyntax>().Count(IsFormat) == 1;
            IReadOnlyList<TextSpan> regions = source.Regions(statement, isOnlyOne ? member : statement);
            if (regions.Count > 0 && statement.DescendantNodes().OfType<InvocationExpressionSyntax>().Count(IsFormat) == 1)
            {
                yield return Sites.Of(regions, new TextChange(call.Span, text));
            }
        }
    }

    private static bool IsFormat(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Format" } access
        && access.Expression
            is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword }
                or IdentifierNameSyntax { Identifier.ValueText: "String" };

    private static string? Interpolate(EditSource source, InvocationExpressionSyntax call)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        if (
            arguments.Count < 2
            || arguments[0].Expression is not LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal
            || literal.Token.Text is not ['"', .., '"'] text
            || text.Contains('\\', StringComparison.Ordinal)
            || arguments.Any(argument => argument.NameColon is not null)
            || Sites.HasComment(call, call.Span)
        )
        {
            return null;
        }
        ExpressionSyntax[] values = [.. arguments.Skip(1).Select(argument => argument.Expression)];
        // One argument of an array's or an unknown type may be all arguments.
        bool isSpread =
            values.Length == 1
            && (source.Model.GetTypeInfo(values[0]).Type is not { } type || type is IArrayTypeSymbol || !Types.IsKnown(type));
        return isSpread || !values.All(value => IsPlain(source, value)) ? null : Fill(text, values);
    }

    // Nothing that ends a hole: strings, a conditional's colon, braces.
    private static bool IsPlain(EditSource source, ExpressionSyntax value) =>
        source.IsOneLine(value.Span)
        && !value.ToString().AsSpan().ContainsAny(EndsHole)
        && value is not (AssignmentExpressionSyntax or LambdaExpressionSyntax);

    private static string? Fill(string text, ExpressionSyntax[] values)
    {
        var result = new StringBuilder("$");
        var uses = new int[values.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                result.Append(text[i]).Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                int close = text.IndexOf('}', i);
                int end =
                    close < 0 ? -1
                    : text.AsSpan(i, close - i).IndexOfAny(',', ':') is >= 0 and var at ? i + at
                    : close;
                if (
                    end < 0
                    || !int.TryParse(text.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                    || index >= values.Length
                )
                {
                    return null;
                }
                uses[index]++;
                result.Append('{').Append(values[index]).Append(text, end, close - end + 1);
                i = close;
            }
            else if (text[i] == '}')
            {
                return null;
            }
            else
            {
                result.Append(text[i]);
            }
        }
        // Each is evaluated once in a call, so what does more than read a name must stand once, and in order.
        bool inOrder = values.Select((value, i) => uses[i] == 1 || (uses[i] > 1 && value is IdentifierNameSyntax)).All(used => used);
        return inOrder ? result.ToString() : null;
    }
}
