# Finds the distribution's fonts and puts them into the library render_draw; fonts.h names them.
function(mailflow_font name file package)
  find_file(MAILFLOW_FONT_${name} ${file} NO_CMAKE_FIND_ROOT_PATH
            PATHS /usr/share/fonts /usr/local/share/fonts
            PATH_SUFFIXES opentype/inter truetype/inter truetype/hack truetype/dejavu)
  if(NOT MAILFLOW_FONT_${name})
    message(FATAL_ERROR "the font ${file} is not installed; on Debian: apt-get install ${package} "
                        "(or give its place: cmake -DMAILFLOW_FONT_${name}=/path/to/${file})")
  endif()
  mailflow_carry(render_draw fonts_${name} ${MAILFLOW_FONT_${name}})
endfunction()

mailflow_font(sans Inter-Regular.otf fonts-inter)
mailflow_font(bold Inter-SemiBold.otf fonts-inter)
mailflow_font(mono Hack-Regular.ttf fonts-hack-ttf)
mailflow_font(fallback DejaVuSans.ttf fonts-dejavu-core)
