using System.Text;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// The words of an edit: what is asked, and how the answer is read. Fixed, since checkpoints are trained on it:
/// <code>
/// {instruction}
///
/// Before:
/// ```
/// {the lines before the code}
/// ```
///
/// After:
/// ```
/// {the lines behind it}
/// ```
///
/// Rewrite:
/// ```
/// {the code}
/// ```
/// </code>
/// A part of the context that is empty is left out with its heading. The answer is the new code in such a fence, or bare. A fence is longer than any run of
/// backticks in the texts (CommonMark 0.31, section 4.5).
/// </summary>
public static class EditMessage
{
    private const int ShortestFence = 3;

    /// <summary>The user's message.</summary>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="code">The code to rewrite, see <see cref="ShownCode"/>.</param>
    /// <param name="before">Text before it.</param>
    /// <param name="behind">Text behind it.</param>
    public static string Write(string instruction, string code, string before, string behind)
    {
        string fence = Fence(code, before, behind);
        var message = new StringBuilder(instruction.Trim());
        AppendBlock(message, "Before:", before, fence, isOptional: true);
        AppendBlock(message, "After:", behind, fence, isOptional: true);
        AppendBlock(message, "Rewrite:", code, fence, isOptional: false);
        return message.ToString();
    }

    /// <summary>The answer that a checkpoint is trained to give.</summary>
    /// <param name="code">The new code, as the model is to write it.</param>
    public static string Answer(string code)
    {
        string fence = Fence(code);
        return $"{fence}\n{code}\n{fence}";
    }

    /// <summary>The code of an answer: that of its first fenced block, which may lack its end; without one, all of it.</summary>
    /// <param name="answer">What the model wrote.</param>
    /// <param name="code">The code that was to be rewritten: a shorter fence than its own may be part of the new code.</param>
    public static string Read(string answer, string code)
    {
        string[] lines = answer.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        int shortest = Fence(code).Length;
        int open = Array.FindIndex(lines, line => OpensFence(line, shortest));
        if (open < 0)
        {
            return string.Join('\n', lines).Trim('\n').TrimEnd();
        }
        int length = FenceLength(lines[open]);
        int close = Array.FindIndex(lines, open + 1, line => ClosesFence(line, length));
        return string.Join('\n', lines[(open + 1)..(close < 0 ? lines.Length : close)]);
    }

    /// <summary>Whether an answer's fenced block is complete, so that nothing more is needed of it.</summary>
    /// <param name="answer">What the model wrote so far.</param>
    /// <param name="code">The code that was to be rewritten.</param>
    public static bool IsComplete(string answer, string code)
    {
        string[] lines = answer.Split('\n');
        int shortest = Fence(code).Length;
        int open = Array.FindIndex(lines, line => OpensFence(line, shortest));
        // The last line may still go on.
        return open >= 0
            && Array.Exists(lines[(open + 1)..Math.Max(open + 1, lines.Length - 1)], line => ClosesFence(line, FenceLength(lines[open])));
    }

    private static void AppendBlock(StringBuilder message, string heading, string text, string fence, bool isOptional)
    {
        if (isOptional && string.IsNullOrWhiteSpace(text))
        {
            return;
        }
        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        lines = isOptional ? lines.Trim('\n') : lines;
        message.Append("\n\n").Append(heading).Append('\n').Append(fence).Append('\n').Append(lines).Append('\n').Append(fence);
    }

    private static string Fence(params ReadOnlySpan<string> texts)
    {
        int longest = ShortestFence - 1;
        foreach (string text in texts)
        {
            int run = 0;
            foreach (char c in text)
            {
                run = c == '`' ? run + 1 : 0;
                longest = Math.Max(longest, run);
            }
        }
        return new string('`', longest + 1);
    }

    private static bool OpensFence(string line, int shortest) =>
        FenceLength(line) >= shortest && !line.TrimStart().TrimStart('`').Contains('`', StringComparison.Ordinal);

    private static bool ClosesFence(string line, int length) => FenceLength(line) >= length && line.Trim().Trim('`').Length == 0;

    private static int FenceLength(string line)
    {
        string start = line.TrimStart();
        return start.Length - start.TrimStart('`').Length;
    }
}
