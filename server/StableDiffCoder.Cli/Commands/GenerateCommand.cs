using System.CommandLine;
using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>generate --jsonl F</c>: continues token ids by block diffusion.</summary>
internal static class GenerateCommand
{
    private const int DefaultGenLength = 16;

    public static Command Create(GlobalOptions options, CommandConsole console) =>
        JsonLinesCommand.Create(
            "generate",
            "Continue token ids by block diffusion",
            [
                "Each line {\"ids\":[…],\"gen_length\":16,\"steps\":16,\"block_length\":4,\"threshold\":null,\"entropy_bound\":null,",
                "\"temperature\":0,\"seed\":0,\"sampler\":\"reference\"} gives {\"new_ids\":[…],\"forwards\":n,\"stop\":\"eos\"|\"length\"}.",
                "Only ids is required. The others default to the values shown, but steps to gen_length and block_length to the",
                "checkpoint's. gen_length must be a multiple of block_length, and steps one of gen_length/block_length.",
                "new_ids runs to the end of the last block, filled with eos from the first new eos on. forwards counts denoising",
                "and commit forwards, not those of the prompt.",
                "Samplers:",
                .. Samplers.All.Select(sampler => $"  {sampler.Name}: {sampler.Summary}"),
            ],
            options,
            console,
            async (parsed, cancellationToken) => new Answerer(await ModelSession.LoadAsync(parsed, options, cancellationToken))
        );

    private sealed class Answerer(ModelSession session) : IJsonLineAnswerer
    {
        public async Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            Generation generation = await session.RunAsync((model, token) => Generate(model, request, token), cancellationToken);
            answer.WriteIds("new_ids", generation.NewIds);
            answer.WriteNumber("forwards", generation.Forwards);
            answer.WriteString("stop", generation.Stop == GenerationStop.Eos ? "eos" : "length");
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }

    private static Generation Generate(LoadedModel model, JsonFields request, CancellationToken cancellationToken)
    {
        int[] prompt = request.Ids("ids", model.Config.VocabSize);
        string name = request.OptionalText("sampler") ?? Samplers.All[0].Name;
        SamplerDescription sampler =
            Samplers.Find(name)
            ?? throw new InvalidInputException(
                $"'sampler' is \"{name}\"; this program knows {string.Join(", ", Samplers.All.Select(known => $"\"{known.Name}\""))}"
            );
        var options = new SamplerOptions
        {
            GenLength = request.Integer("gen_length", DefaultGenLength),
            Steps = request.OptionalInteger("steps"),
            BlockLength = request.Integer("block_length", model.Config.BlockLength),
            Threshold = request.OptionalNumber("threshold"),
            EntropyBound = request.OptionalNumber("entropy_bound"),
            Temperature = request.OptionalNumber("temperature") ?? 0,
            Seed = request.OptionalLong("seed") ?? 0,
        };
        return Samplers
            .Create(sampler.Kind, model.Transformer, model.SpecialIds)
            .Generate(prompt, options, GenerationHooks.None, cancellationToken);
    }
}
