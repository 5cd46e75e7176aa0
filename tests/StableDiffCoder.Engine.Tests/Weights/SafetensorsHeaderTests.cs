using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class SafetensorsHeaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_ValidFile_GivesEntriesAndMetadata()
    {
        const string Header =
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  """;
        SafetensorsHeader header = SafetensorsHeader.Read(Write(SafetensorsBytes.Of(Header, 16)));

        Assert.Equal("pt", header.Metadata["format"]);
        Assert.Equal(["a", "b"], header.Entries.Keys.Order());
        SafetensorsEntry b = header.Entries["b"];
        Assert.Equal("BF16", b.ElementType.Name);
        Assert.Equal([2, 3], b.Shape);
        Assert.Equal(8 + Header.Length + 4, b.Offset);
        Assert.Equal(12, b.ByteLength);
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("U16", 2)]
    [InlineData("BOOL", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F64", 8)]
    public void Read_TypeThatIsNoWeight_IsParsed(string dtype, int size)
    {
        string json = $$$"""{"a":{"dtype":"{{{dtype}}}","shape":[3],"data_offsets":[0,{{{3 * size}}}]}}""";
        SafetensorsHeader header = SafetensorsHeader.Read(Write(SafetensorsBytes.Of(json, 3 * size)));
        Assert.Null(header.Entries["a"].ElementType.ScalarType);
        Assert.Equal(3 * size, header.Entries["a"].ByteLength);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}""", 2)]
    public void Read_RareButValid_IsAccepted(string json, int dataLength) =>
        Assert.NotNull(SafetensorsHeader.Read(Write(SafetensorsBytes.Of(json, dataLength))));

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        12,
        "overlaps"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "overlaps"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        12,
        "hole"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "end at byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 8, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", 4, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", 4, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}}""", 4, "overflows")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}""", 4, "overflows")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}""", 1, "whole byte")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'f32'")]
    [InlineData("""{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "'dtype'")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "'shape'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "'data_offsets'")]
    [InlineData("""{"a":7}""", 0, "not an object")]
    [InlineData("""{"__metadata__":{"format":1}}""", 0, "__metadata__")]
    [InlineData("""{"__metadata__":"pt"}""", 0, "__metadata__")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""",
        0,
        "parsed"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""",
        0,
        "parsed"
    )]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F16","shape":[0],"data_offsets":[0,0]}}""", 0, "parsed")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0, "parsed")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[0],"data_offsets":[0,0]}}""", 0, "Unicode")]
    [InlineData("[]", 0, "begin with '{'")]
    [InlineData(" {}", 0, "begin with '{'")]
    [InlineData("", 0, "begin with '{'")]
    [InlineData("{} {}", 0, "parsed")]
    [InlineData("{", 0, "parsed")]
    public void Read_BadHeader_IsRefused(string json, int dataLength, string says) => Refused(SafetensorsBytes.Of(json, dataLength), says);

    [Theory]
    [InlineData(3UL, "begin with '{'")]
    [InlineData(1_000UL, "only 5 after")]
    [InlineData(100_000_001UL, "more than the 100000000 allowed")]
    [InlineData(ulong.MaxValue, "more than the 100000000 allowed")]
    [InlineData(1UL << 63, "more than the 100000000 allowed")]
    public void Read_WrongHeaderLength_IsRefused(ulong claimed, string says) =>
        Refused(SafetensorsBytes.Of("  {} ", 0, claimedLength: claimed), says);

    [Fact]
    public void Read_ShortFile_IsRefused()
    {
        byte[] valid = SafetensorsBytes.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        for (var length = 0; length < valid.Length; length++)
        {
            Refused(valid[..length], "not a valid safetensors file");
        }
        Assert.NotNull(SafetensorsHeader.Read(Write(valid)));
    }

    [Fact]
    public void Read_HeaderThatIsNotUtf8_IsRefused() =>
        Refused(SafetensorsBytes.Of([.. "{\""u8, 0xFF, .. "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8], []), "parsed");

    [Fact]
    public void Read_DeeplyNestedHeader_IsRefused()
    {
        string nested = new string('[', 1_000_000) + new string(']', 1_000_000);
        Refused(SafetensorsBytes.Of($$"""{"a":{{nested}}}""", 0), "parsed");
    }

    [Fact]
    public void Read_NameOfMegabytes_IsShortenedInTheMessage()
    {
        string json = $$"""{"{{new string('a', 3_000_000)}}":7}""";
        ModelLoadException error = Refused(SafetensorsBytes.Of(json, 0), "not an object");
        Assert.True(error.Message.Length < 1000);
    }

    [Fact]
    public void Read_Folder_IsRefused() =>
        Assert.Contains("is a folder", Assert.Throws<ModelLoadException>(() => SafetensorsHeader.Read(folder.Path)).Message);

    [Fact]
    public void Read_MissingFile_IsRefused()
    {
        var error = Assert.Throws<ModelLoadException>(() => SafetensorsHeader.Read(folder.File("none.safetensors")));
        Assert.Contains("is missing", error.Message);
        Assert.Equal(folder.File("none.safetensors"), error.Path);
    }

    private ModelLoadException Refused(byte[] file, string says)
    {
        string path = Write(file);
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => SafetensorsHeader.Read(path));
        Assert.Contains(says, error.Message);
        Assert.Contains(path, error.Message);
        return error;
    }

    private string Write(byte[] bytes)
    {
        string path = folder.File("a.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
