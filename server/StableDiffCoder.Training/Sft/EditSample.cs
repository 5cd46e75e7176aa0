namespace StableDiffCoder.Training.Sft;

/// <summary>One edit: prefix + before + suffix is a piece of a file, and with after in the middle it is what the instruction asks for.</summary>
/// <param name="Kind">Name of the <see cref="IEditKind"/>.</param>
/// <param name="Instruction">What is asked.</param>
/// <param name="Before">Whole lines, without the last line's end.</param>
/// <param name="After">The lines that take their place.</param>
/// <param name="Prefix">Text before, cut at a line's start.</param>
/// <param name="Suffix">Text behind, cut at a line's end.</param>
/// <param name="Path">The file.</param>
public sealed record EditSample(string Kind, string Instruction, string Before, string After, string Prefix, string Suffix, string Path);
