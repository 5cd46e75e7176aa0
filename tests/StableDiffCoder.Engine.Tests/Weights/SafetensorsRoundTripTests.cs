using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Read_WrittenTensors_AreEqual(ScalarType type)
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Tensor)[] tensors =
        [
            ("matrix", randn(3, 5).to(type)),
            ("transposed", randn(4, 2).to(type).t()),
            ("part", randn(6, 2).to(type).narrow(0, 2, 3)),
            ("scalar", tensor(1.5f).to(type)),
            ("empty", zeros(0, 3).to(type)),
            ("größe \"q\"", ones(1).to(type)),
        ];
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Header.Metadata["format"]);
        Assert.Equal(tensors.Select(t => t.Name).Order(), file.Header.Entries.Keys.Order());
        foreach ((string name, Tensor expected) in tensors)
        {
            Tensor actual = file.Read(name);
            Assert.Equal(type, actual.dtype);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(actual.equal(expected).all().item<bool>(), name);
        }
    }

    [Fact]
    public void Read_HandMadeBrainFloats_AreTheRoundedValues()
    {
        float[] values = [1f, -2.5f, 3.1415927f, 1e-30f, 65504f, 0f];
        string path = folder.File("a.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.Of([("a", [2, 3], values)], StoredType.BF16));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using Tensor tensor = file.Read("a").to(ScalarType.Float32);
        Assert.Equal(values.Select(v => FloatEncoding.Round(v, StoredType.BF16)), tensor.data<float>().ToArray());
    }

    [Fact]
    public void Write_Twice_GivesTheSameAlignedBytesAndNoOtherFile()
    {
        using Tensor one = arange(7, ScalarType.Float32);
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, [("x", one)]);
        byte[] first = File.ReadAllBytes(path);
        SafetensorsWriter.Write(path, [("x", one)]);

        Assert.Equal(first, File.ReadAllBytes(path));
        Assert.Equal(0, BitConverter.ToInt64(first) % 8);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_BadTensors_ThrowsAndLeavesTheOldFile()
    {
        using Tensor floats = ones(2);
        using Tensor integers = ones(2, ScalarType.Int64);
        string path = folder.File("a.safetensors");
        File.WriteAllText(path, "old");

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("a", floats), ("a", floats)]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("a", integers)]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("__metadata__", floats)]));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Bytes_OutsideTheEntry_Throws()
    {
        string path = folder.File("a.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.Of([("a", [2], [1f, 2f]), ("b", [1], [3f])], StoredType.F32));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        SafetensorsEntry a = file.Header.Entries["a"];

        Assert.Equal(2f, BitConverter.ToSingle(file.Bytes(a, 4, 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Bytes(a, 4, 8).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Bytes(a, -1, 4).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Bytes(a, long.MaxValue, 4).Length);
        Assert.Throws<ArgumentException>(() => file.Bytes(a with { Offset = 0 }, 0, 4).Length);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Bytes(a, 0, 4).Length);
    }
}
