using System.Text;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// Strings come in whole. Inside a string that is closed behind the cursor, the text ends at its own closing quote, or takes the one behind
/// the cursor along; a string that the text opens and nobody closes is closed.
/// </summary>
internal sealed class BalanceQuotesRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "BalanceQuotes";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        LexicalFrame before = context.Surroundings.Before;
        NewTextScan scan = context.Scan(draft.Text);
        if (before.IsString || before.IsComment)
        {
            return scan.FirstLiteralEnd is int end && IsClosedBehind(context) ? EndAt(context, draft, end) : RuleOutcome.Keep(draft);
        }
        return LeavesStringOpen(context, draft, scan.Frame) ? Close(context, draft, scan) : RuleOutcome.Keep(draft);
    }

    private static RuleOutcome EndAt(EditContext context, Draft draft, int end)
    {
        int absorbed = Absorption.Length(context, draft, end);
        return RuleOutcome.Keep(
            absorbed > 0 ? draft with { Absorbed = draft.Absorbed + absorbed } : draft with { Text = draft.Text[..end] }
        );
    }

    private static bool IsClosedBehind(EditContext context)
    {
        LexicalFrame behind = context.Surroundings.Behind;
        int until = LiteralReach(context, behind);
        return BracketScan.Of(context.Language, context.Text, context.Replaced.End, until, behind).FirstLiteralEnd is not null;
    }

    // Still inside a string at the end of the line; for a string over several lines, at the end of the file, where its other quotes are.
    private static bool LeavesStringOpen(EditContext context, Draft draft, LexicalFrame frame)
    {
        int start = context.Replaced.End + draft.Absorbed;
        return InString(frame)
            && InString(LexicalScanner.FrameAt(context.Language, context.Text, start, LiteralReach(context, frame), frame));
    }

    // Where to look for the end of a string or comment.
    private static int LiteralReach(EditContext context, LexicalFrame frame)
    {
        int endOfLine = context.Replaced.End + context.LineSuffix.Length;
        return frame.AtLineEnd() == frame ? (int)Math.Min(context.Text.Length, endOfLine + (long)context.Options.LookAhead) : endOfLine;
    }

    private static RuleOutcome Close(EditContext context, Draft draft, NewTextScan scan)
    {
        if (scan.Frame.Kind == LexicalKind.RawString)
        {
            return RuleOutcome.Keep(draft);
        }
        // A backslash at the end would make the quote a character of the string.
        string text = draft.Text.TrimEnd('\\');
        var closing = new StringBuilder();
        for (LexicalFrame? frame = scan.Frame; frame is not null && InString(frame); frame = frame.Outer)
        {
            closing.Append(frame.IsHole ? "}" : frame.Close);
        }
        string closed = text + closing;
        LexicalFrame end = context.Scan(closed).Frame;
        return InString(end) || LeavesStringOpen(context, draft, end)
            ? RuleOutcome.Silence("it leaves a string open")
            : RuleOutcome.Keep(draft with { Text = closed });
    }

    private static bool InString(LexicalFrame? frame)
    {
        while (frame is { IsString: false })
        {
            frame = frame.Outer;
        }
        return frame is not null;
    }
}
