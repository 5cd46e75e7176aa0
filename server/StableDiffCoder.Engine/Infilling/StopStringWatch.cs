using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Notices a stop string in text that grows token by token, and decodes each part of it once.</summary>
internal sealed class StopStringWatch(LoadedModel model, IReadOnlyList<string> stopStrings)
{
    private readonly StreamingTokenDecoder decoder = new(model.Tokenizer);
    private readonly int longest = stopStrings.Count == 0 ? 0 : stopStrings.Max(stop => stop.Length);
    private readonly StringBuilder tail = new();
    private int seen;

    /// <summary>
    /// Whether the text's end is decided: a stop string has appeared, and none can still appear that starts before it.
    /// </summary>
    /// <param name="ids">Ids so far that no later step changes; each call gives those of the last call and more.</param>
    public bool HasAppeared(IReadOnlyList<int> ids)
    {
        if (longest == 0)
        {
            return false;
        }
        for (; seen < ids.Count; seen++)
        {
            if (!model.IsControl(ids[seen]))
            {
                tail.Append(decoder.Append(ids[seen]));
            }
        }
        string text = tail.ToString();
        if (stopStrings.Any(stop => text.Contains(stop, StringComparison.Ordinal)))
        {
            return !MayStartBefore(
                text,
                stopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).Min()
            );
        }
        // A stop string may still straddle the end by all but one of its characters.
        tail.Remove(0, Math.Max(0, tail.Length - (longest - 1)));
        return false;
    }

    // Whether the text ends in the middle of a stop string that starts before an offset.
    private bool MayStartBefore(string text, int offset)
    {
        for (int start = Math.Max(0, text.Length - longest + 1); start < offset; start++)
        {
            if (stopStrings.Any(stop => stop.Length > text.Length - start && stop.AsSpan().StartsWith(text.AsSpan(start))))
            {
                return true;
            }
        }
        return false;
    }
}
