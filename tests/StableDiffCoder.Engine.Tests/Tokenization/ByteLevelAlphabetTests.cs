using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

public class ByteLevelAlphabetTests
{
    [Fact]
    public void ToChar_AllBytes_AreDistinctAndComeBack()
    {
        var chars = Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.ToChar((byte)value)).ToArray();

        Assert.Equal(256, chars.Distinct().Count());
        for (var value = 0; value < 256; value++)
        {
            Assert.True(ByteLevelAlphabet.TryToByte(chars[value], out var back));
            Assert.Equal(value, back);
        }
    }

    [Theory]
    [InlineData(' ', 'Ġ')]
    [InlineData('\n', 'Ċ')]
    [InlineData('\t', 'ĉ')]
    [InlineData('!', '!')]
    [InlineData('~', '~')]
    [InlineData(0x7F, 'ġ')]
    [InlineData(0xA0, 'ł')]
    [InlineData(0xAD, 'Ń')]
    [InlineData(0xAE, '®')]
    public void ToChar_KnownBytes_AreGpt2s(int value, char expected) => Assert.Equal(expected, ByteLevelAlphabet.ToChar((byte)value));

    [Fact]
    public void TryDecode_CharacterOutsideTheAlphabet_IsFalse()
    {
        Assert.False(ByteLevelAlphabet.TryDecode("a▁b", out _));
        Assert.False(ByteLevelAlphabet.TryDecode("a b", out _));
    }

    [Fact]
    public void Encode_Bytes_DecodeToThemselves()
    {
        var bytes = "é 日\n"u8.ToArray();

        Assert.True(ByteLevelAlphabet.TryDecode(ByteLevelAlphabet.Encode(bytes), out var back));
        Assert.Equal(bytes, back);
    }
}
