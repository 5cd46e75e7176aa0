using StableDiffCoder.Engine.Diffusion;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>The field <c>sampler</c> of a JSON line.</summary>
internal static class SamplerField
{
    /// <summary>The sampler that a line names.</summary>
    /// <param name="request">The line.</param>
    /// <param name="whenAbsent">For a line that names none.</param>
    /// <exception cref="InvalidInputException">There is no sampler of that name.</exception>
    public static SamplerKind Read(JsonFields request, SamplerKind whenAbsent)
    {
        if (request.OptionalText("sampler") is not string name)
        {
            return whenAbsent;
        }
        return Samplers.Find(name)?.Kind
            ?? throw new InvalidInputException(
                $"'sampler' is \"{name}\"; this program knows {string.Join(", ", Samplers.All.Select(known => $"\"{known.Name}\""))}"
            );
    }
}
