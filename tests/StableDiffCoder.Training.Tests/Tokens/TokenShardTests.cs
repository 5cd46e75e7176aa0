using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Tests.Tokens;

public sealed class TokenShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_WhatWasWritten()
    {
        ushort[][] documents =
        [
            [1, 2, 3],
            [],
            [65535],
            [7, 7],
        ];
        TokenShard.Write(folder.At("a.bin"), documents);

        TokenShard shard = TokenShard.Open(folder.At("a.bin"));

        Assert.Equal(4, shard.DocumentCount);
        Assert.Equal([1, 2, 3, 65535, 7, 7], shard.Tokens.ToArray());
        Assert.Equal(documents, Enumerable.Range(0, 4).Select(i => shard.Tokens[shard.Document(i)].ToArray()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(-1)]
    public void Open_CutShort_SaysSo(int length)
    {
        TokenShard.Write(
            folder.At("a.bin"),
            [
                [1, 2, 3],
                [4],
            ]
        );
        byte[] bytes = File.ReadAllBytes(folder.At("a.bin"));
        File.WriteAllBytes(folder.At("a.bin"), bytes[..(length < 0 ? bytes.Length + length : length)]);

        Assert.Contains(
            "a.bin",
            Assert.Throws<InvalidDataException>(() => TokenShard.Open(folder.At("a.bin"))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0)] // magic
    [InlineData(15)] // number of documents, high byte
    [InlineData(23)] // number of tokens, high byte
    [InlineData(39)] // a document's start, high byte
    public void Open_FlippedByte_IsRefused(int position)
    {
        TokenShard.Write(
            folder.At("a.bin"),
            [
                [1, 2, 3],
                [4],
            ]
        );
        byte[] bytes = File.ReadAllBytes(folder.At("a.bin"));
        bytes[position] ^= 0x7F;
        File.WriteAllBytes(folder.At("a.bin"), bytes);

        Assert.Throws<InvalidDataException>(() => TokenShard.Open(folder.At("a.bin")));
    }

    [Fact]
    public void Build_HoldsEveryDocument_InTheSeedsOrder()
    {
        WriteCorpus(20);

        TokenManifest manifest = Build("one", seed: 1);
        Build("two", seed: 1);
        Build("three", seed: 2);

        TokenSplit train = manifest.Splits["train"];
        Assert.Equal((20, 20 * 100), (train.Documents, (int)train.Tokens));
        Assert.True(train.Files.Count > 1, "the limit cuts several shards");
        Assert.Equal(Documents("one"), Documents("two"));
        Assert.NotEqual(Documents("one"), Documents("three"));
        Assert.Equal(Documents("one").Order(), Documents("three").Order());
    }

    [Fact]
    public void Build_VocabularyBeyond16Bits_IsRefused()
    {
        var options = new TokenShardOptions { CorpusDirectory = folder.At("corpus"), OutputDirectory = folder.At("out") };

        Assert.Throws<ArgumentException>(() => TokenShardBuilder.Build(options, 155_136, _ => [], null, CancellationToken.None));
    }

    private TokenManifest Build(string output, int seed)
    {
        var options = new TokenShardOptions
        {
            CorpusDirectory = folder.At("corpus"),
            OutputDirectory = folder.At(output),
            ShardTokens = 550,
            Seed = seed,
        };
        return TokenShardBuilder.Build(options, 128, text => [.. text.Select(unit => (int)unit)], null, CancellationToken.None);
    }

    private string[] Documents(string output) =>
        [
            .. Directory
                .GetFiles(folder.At(output), "train-*.bin")
                .Order(StringComparer.Ordinal)
                .Select(TokenShard.Open)
                .SelectMany(shard =>
                    Enumerable
                        .Range(0, shard.DocumentCount)
                        .Select(i => string.Concat(shard.Tokens[shard.Document(i)].ToArray().Select(id => (char)id)))
                ),
        ];

    private void WriteCorpus(int count)
    {
        for (int i = 0; i < count; i++)
        {
            folder.File($"tree/P{i}/A.cs", $"class A{i:D2} {{ int a{i:D2}; }}".PadRight(100, 'x'));
        }
        var options = new CorpusOptions
        {
            Sources = [CorpusSource.Undescribed(folder.At("tree"))],
            OutputDirectory = folder.At("corpus"),
            MinTextLength = 10,
            HeldOutShare = 0,
            ModernStyleShare = 0,
            CrlfShare = 0,
        };
        CorpusBuilder.Build(options, null, CancellationToken.None);
    }
}
