using System.CommandLine;
using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>generate --jsonl F</c>: continues token ids by block diffusion.</summary>
internal static class GenerateCommand
{
    private const int DefaultGenLength = 16;

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var deadline = new Option<double?>("--deadline-ms")
        {
            Description = "Answer each line by then with the blocks that are finished. Default: wait for all",
            HelpName = "MS",
        };
        return JsonLinesCommand.Create(
            "generate",
            "Continue token ids by block diffusion",
            [
                "Each line {\"ids\":[…],\"gen_length\":16,\"steps\":16,\"block_length\":4,\"threshold\":null,\"entropy_bound\":null,",
                "\"temperature\":0,\"seed\":0,\"sampler\":\"reference\"} gives {\"new_ids\":[…],\"forwards\":n,",
                "\"stop\":\"eos\"|\"length\"|\"deadline\"}.",
                "Only ids is required. The others default to the values shown, but steps to gen_length and block_length to the",
                "checkpoint's. gen_length must be a multiple of block_length, and steps one of gen_length/block_length.",
                "new_ids runs to the end of the last block, filled with eos from the first new eos on. forwards counts denoising",
                "and commit forwards, not those of the prompt. A line may also have deadline_ms.",
                "Samplers:",
                .. Samplers.All.Select(sampler => $"  {sampler.Name}: {sampler.Summary}"),
            ],
            options,
            console,
            [deadline],
            async (parsed, cancellationToken) =>
                new Answerer(await ModelSession.LoadAsync(parsed, options, cancellationToken), parsed.GetValue(deadline))
        );
    }

    private sealed class Answerer(ModelSession session, double? deadlineMilliseconds) : IJsonLineAnswerer
    {
        public async Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            var deadline = new Deadline(TimeProvider.System, request.OptionalNumber("deadline_ms") ?? deadlineMilliseconds);
            Generation generation = await session.RunAsync(
                (model, token) => Generate(model, request, new GenerationHooks { IsOutOfTime = () => deadline.HasPassed }, token),
                cancellationToken
            );
            answer.WriteIds("new_ids", generation.NewIds);
            answer.WriteNumber("forwards", generation.Forwards);
            answer.WriteString("stop", NameOf(generation.Stop));
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }

    private static string NameOf(GenerationStop stop) =>
        stop switch
        {
            GenerationStop.Eos => "eos",
            GenerationStop.Deadline => "deadline",
            _ => "length",
        };

    private static Generation Generate(LoadedModel model, JsonFields request, GenerationHooks hooks, CancellationToken cancellationToken)
    {
        int[] prompt = request.Ids("ids", model.Config.VocabSize);
        SamplerKind sampler = SamplerField.Read(request, SamplerKind.Reference);
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
        return Samplers.Create(sampler, model.Transformer, model.SpecialIds).Generate(prompt, options, hooks, cancellationToken);
    }
}
