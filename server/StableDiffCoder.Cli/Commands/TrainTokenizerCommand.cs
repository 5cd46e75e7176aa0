using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Tokenizers;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train tokenizer --corpus DIR --out FILE</c>.</summary>
internal static class TrainTokenizerCommand
{
    private const int DefaultSampleMegabytes = 60;

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        int defaultSize = new BpeTrainingOptions().VocabularySize;
        var corpus = new Option<string>("--corpus")
        {
            Description = "Folder that 'train corpus' wrote",
            HelpName = "DIR",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "The tokenizer.json to write",
            HelpName = "FILE",
            Required = true,
        };
        var size = new Option<int>("--vocabulary")
        {
            Description = $"Tokens in all, special ones and bytes included. Default: {defaultSize}",
            HelpName = "N",
            DefaultValueFactory = _ => defaultSize,
        };
        var sample = new Option<int>("--sample")
        {
            Description = $"Megabytes of the training split to learn from. Default: {DefaultSampleMegabytes}",
            HelpName = "MB",
            DefaultValueFactory = _ => DefaultSampleMegabytes,
        };
        var seed = new Option<int>("--seed") { Description = "Another seed learns from other files. Default: 0", HelpName = "N" };
        var command = new DocumentedCommand("tokenizer", "Learn a byte-level BPE from a corpus, write tokenizer.json");
        command.AddOptions(corpus, output, size, sample, seed);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                string file = parsed.GetRequiredValue(output);
                FileFaults.RequireWritable(file);
                string folder = parsed.GetRequiredValue(corpus);
                TrainingInput.Read(folder, CorpusManifest.Load);
                var training = new BpeTrainingOptions { VocabularySize = parsed.GetValue(size) };
                BpeVocabulary vocabulary;
                using (var progress = new ProgressLine<int>(console, tokens => $"{tokens} of {training.VocabularySize} tokens"))
                {
                    IEnumerable<string> texts = CorpusSample.Train(folder, (long)parsed.GetValue(sample) << 20, parsed.GetValue(seed));
                    vocabulary = BpeTrainer.Train(texts, training, progress, cancellationToken);
                }
                TokenizerJson.Write(vocabulary, file);
                console.Output.WriteLine($"{file}: {vocabulary.Size} tokens, {vocabulary.Merges.Count} merges");
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }
}
