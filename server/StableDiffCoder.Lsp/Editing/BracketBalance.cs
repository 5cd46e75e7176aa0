using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>Counts brackets of a new text against both sides of its place.</summary>
internal static class BracketBalance
{
    private const string Openers = "([{";

    /// <summary>
    /// How many brackets of a kind are open before the place and closed nowhere behind it. Braces count from the innermost out, up to the
    /// first that is closed: what encloses that one is not the text's affair. Parentheses of one expression are all alike.
    /// </summary>
    public static int Owed(EditContext context, char open)
    {
        IEnumerable<EnclosingBracket> ofKind = context.Surroundings.Brackets.Where(bracket => bracket.Symbol == open);
        return open == '{' ? ofKind.TakeWhile(bracket => !bracket.ClosedBehind).Count() : ofKind.Count(bracket => !bracket.ClosedBehind);
    }

    /// <summary>Closing brackets of a kind behind the place that wait for an opening one.</summary>
    public static int Spare(EditContext context, char open) =>
        context.Surroundings.SpareClosers.Count(symbol => symbol == BracketScan.Closing(open));

    /// <summary>How far the file's brackets would be from coming in pairs with this text in its place; 0 is best.</summary>
    public static int Imbalance(EditContext context, string newText) => Missing(context, newText).Sum(Math.Abs);

    /// <summary>
    /// For each kind of bracket, how many closing ones the file would lack with this text in its place; negative where it would have too many.
    /// </summary>
    public static int[] Missing(EditContext context, string newText)
    {
        NewTextScan scan = context.Scan(newText);
        return [.. Openers.Select(open => Owed(context, open) + Opened(open) - Closed(open) - Spare(context, open))];

        int Opened(char open) => scan.Unclosed.Count(bracket => bracket.Symbol == open);
        int Closed(char open) => scan.Unopened.Count(bracket => bracket.Symbol == BracketScan.Closing(open));
    }

    /// <summary>The bracket that opens what a closing one closes.</summary>
    public static char Opening(char close) =>
        close switch
        {
            ')' => '(',
            ']' => '[',
            _ => '{',
        };
}
