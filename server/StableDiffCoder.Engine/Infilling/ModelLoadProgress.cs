namespace StableDiffCoder.Engine.Infilling;

/// <summary>How far the loading of a model is. A plain record: it survives a JSON round trip.</summary>
/// <param name="Fraction">Share of the work done, 0 to 1; never smaller than in the report before.</param>
/// <param name="Message">What is being done, for a person: "weights 3 of 9".</param>
public sealed record ModelLoadProgress(double Fraction, string Message);
