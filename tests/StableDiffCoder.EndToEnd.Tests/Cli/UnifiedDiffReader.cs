using System.Globalization;
using System.Text;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>Applies a unified diff as patch does, and fails where a hunk does not fit exactly.</summary>
internal static class UnifiedDiffReader
{
    public static string Apply(string diff, string oldText)
    {
        if (diff.Length == 0)
        {
            return oldText;
        }
        string[] lines = diff.Split('\n');
        Assert.StartsWith("--- a/", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("+++ b/", lines[1], StringComparison.Ordinal);
        Assert.Equal("", lines[^1]);
        var result = new StringBuilder();
        int newLine = 0;
        int taken = 0;
        string[] old = Pieces(oldText);
        for (int i = 2; i < lines.Length - 1; )
        {
            (int oldStart, int oldCount, int newStart, int newCount) = Hunk(lines[i++]);
            int first = oldCount == 0 ? oldStart : oldStart - 1;
            result.AppendJoin("", old[taken..first]);
            newLine += first - taken;
            taken = first;
            Assert.Equal(newCount == 0 ? newStart : newStart - 1, newLine);
            while (oldCount > 0 || newCount > 0)
            {
                string line = lines[i++];
                bool ended = i >= lines.Length || !lines[i].StartsWith('\\');
                string text = line[1..] + (ended ? "\n" : "");
                i += ended ? 0 : 1;
                if (line[0] is ' ' or '-')
                {
                    Assert.Equal(old[taken++], text);
                    oldCount--;
                }
                if (line[0] is ' ' or '+')
                {
                    result.Append(text);
                    newLine++;
                    newCount--;
                }
            }
        }
        return result.AppendJoin("", old[taken..]).ToString();
    }

    private static (int, int, int, int) Hunk(string header)
    {
        int[] numbers =
        [
            .. header
                .Split([' ', '@', '-', '+', ','], StringSplitOptions.RemoveEmptyEntries)
                .Select(number => int.Parse(number, CultureInfo.InvariantCulture)),
        ];
        Assert.Equal(4, numbers.Length);
        return (numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static string[] Pieces(string text)
    {
        string[] parts = text.Split('\n');
        return [.. parts[..^1].Select(part => part + "\n"), .. parts[^1].Length > 0 ? [parts[^1]] : Array.Empty<string>()];
    }
}
