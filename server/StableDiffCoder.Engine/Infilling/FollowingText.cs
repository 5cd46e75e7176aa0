namespace StableDiffCoder.Engine.Infilling;

/// <summary>When new text has begun to repeat what stands behind the span.</summary>
internal static class FollowingText
{
    // A closing brace or an empty line repeats by chance; this much does not.
    private const int LeastCharacters = 12;
    private const int MostLength = 400;

    /// <summary>
    /// The text directly behind the span up to the end of the line by which it has 12 characters other than white space. New text that contains
    /// it has begun to write the suffix again.
    /// </summary>
    /// <returns>Null when there is not so much, or only in a line too long to be waited for.</returns>
    public static string? Start(string behind)
    {
        int characters = 0;
        for (int i = 0; i < Math.Min(behind.Length, MostLength); i++)
        {
            if (characters >= LeastCharacters && behind[i] is ('\n' or '\r'))
            {
                return behind[..i];
            }
            characters += char.IsWhiteSpace(behind[i]) ? 0 : 1;
        }
        return behind.Length <= MostLength && characters >= LeastCharacters ? behind : null;
    }
}
