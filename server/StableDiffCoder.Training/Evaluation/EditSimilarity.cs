namespace StableDiffCoder.Training.Evaluation;

/// <summary>How alike two texts are: 1 − Levenshtein distance / length of the longer, over UTF-16 units; 1 for two empty texts.</summary>
public static class EditSimilarity
{
    /// <summary>The similarity, 0 to 1.</summary>
    public static double Of(string first, string second)
    {
        int longest = Math.Max(first.Length, second.Length);
        return longest == 0 ? 1 : 1 - ((double)Distance(first, second) / longest);
    }

    /// <summary>Fewest insertions, deletions and replacements of one unit that turn one text into the other.</summary>
    public static int Distance(string first, string second)
    {
        var row = new int[second.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int replaced = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
