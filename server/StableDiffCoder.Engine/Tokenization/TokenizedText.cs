namespace StableDiffCoder.Engine.Tokenization;

/// <summary>The tokens of a text and where they lie in it.</summary>
/// <param name="Ids">The token ids, [T].</param>
/// <param name="OffsetMap">The span of each of the T tokens.</param>
public sealed record TokenizedText(int[] Ids, OffsetMap OffsetMap);
